#!/bin/sh
# fetch.sh - brings the official WebAssembly test suite, converted to JSON, under build/spec.
#
#   sh tests/spec/fetch.sh
#
# Leaves build/spec/suites/<suite>/*.json and a line "<suite> <features> <least files>" a
# suite in build/spec/suites.txt.
#  - v1, v2, tail-call, exception-handling, extended-const, typed-function-references, threads: from
#    the package golang-github-tetratelabs-wazero-dev of sid, which ships them converted;
#  - proposals: the .wast files that the sources of sid's wabt bring (memory64, multi-memory,
#    relaxed SIMD, ...), converted by wasm-tools of sid;
#  - floor: without sid, the tests in the source of this suite's binaryen, by wast2json.
set -u

out=build/spec
suites=$out/suites
. tests/spec/apt_root.sh

note() {
    echo "test-spec: $*" >&2
}

packaged() {
    apt_root_prepare sid &&
        apt_root_unpack sid golang-github-tetratelabs-wazero-dev "$out/wazero" || return 1
    found=$(find "$out/wazero" -type d -path '*/integration_test/spectest' | head -n 1)
    [ -n "$found" ] || return 1
    for suite in v1 v2 tail-call extended-const exception-handling \
        typed-function-references; do
        [ -d "$found/$suite/testdata" ] || {
            note "the package has no suite $suite any more"
            return 1
        }
        rm -rf "${suites:?}/$suite"
        cp -r "$found/$suite/testdata" "$suites/$suite"
    done
    # Least number of files: what the suites had when this was written.
    cat >>"$out/suites.txt" <<'LIST'
v1 1.0 73
v2 2.0 148
tail-call all 2
extended-const all 3
exception-handling all 4
typed-function-references all 22
LIST
}

# Converts every .wast below $1 to the suite $2 with features $3.
convert() {
    mkdir -p "$suites/$2"
    find "$1" -name '*.wast' | sort | while read -r wast; do
        name=$(basename "$wast" .wast)
        case $2 in
        floor) wast2json --enable-all "$wast" -o "$suites/$2/$name.json" ;;
        *)
            apt_root_run "$out/tools" usr/bin/wasm-tools json-from-wast \
                --wasm-dir "$suites/$2" -o "$suites/$2/$name.json" "$wast"
            ;;
        esac >/dev/null 2>&1 || rm -f "$suites/$2/$name.json"
    done
}

proposals() {
    for package in wasm-tools libc6 libgcc-s1; do
        apt_root_unpack sid "$package" "$out/tools" || return 1
    done
    apt_root_source sid wabt "$out/wabt-source" || return 1
    folder=$(find "$out/wabt-source" -type d -path '*testsuite/proposals' | head -n 1)
    [ -n "$folder" ] || return 1
    for suite in memory64 multi-memory relaxed-simd; do
        [ -d "$folder/$suite" ] || continue
        rm -rf "${suites:?}/proposal-$suite"
        convert "$folder/$suite" "proposal-$suite"
        echo "proposal-$suite all 1" >>"$out/suites.txt"
    done
}

floor() {
    apt_root_prepare bookworm && apt_root_source bookworm binaryen "$out/binaryen" || {
        note "the floor's sources are not to be had either: nothing to test with"
        return 1
    }
    rm -rf "${suites:?}/floor"
    convert "$out/binaryen/test/spec" floor
    echo "floor all 60" >>"$out/suites.txt"
}

mkdir -p "$suites"
: >"$out/suites.txt"
if packaged; then
    proposals || note "SKIPPED: the proposals' suites (memory64, multi-memory, relaxed SIMD)"
else
    note "SKIPPED: the official suites v1, v2 and proposals; running the floor instead"
    : >"$out/suites.txt"
    floor || exit 1
fi
