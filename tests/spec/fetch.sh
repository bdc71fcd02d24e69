#!/bin/sh
# fetch.sh - brings the official WebAssembly test suite, converted to JSON, under build/spec.
#
#   sh tests/spec/fetch.sh
#
# Leaves build/spec/suites/<suite>/*.json, and build/spec/fetched.txt with one suite a line:
#  - v1, v2, tail-call, exception-handling, extended-const, typed-function-references: from the
#    package golang-github-tetratelabs-wazero-dev of sid, which ships them converted;
#  - memory64: the 64-bit tests in the source of bookworm's binaryen, by wast2json;
#  - own: tests/spec/own, by wast2json;
#  - floor, only without sid: all tests in binaryen's source that wast2json converts.
# What is not to be had is said on standard error.
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
    for suite in v1 v2 tail-call extended-const exception-handling \
        typed-function-references; do
        if [ ! -d "$found/$suite/testdata" ]; then
            note "the package has no suite $suite any more"
            return 1
        fi
        rm -rf "${suites:?}/$suite"
        cp -r "$found/$suite/testdata" "$suites/$suite"
        echo "$suite" >>"$out/fetched.txt"
    done
}

# Converts the files $2... to the suite $1; one that wast2json does not understand is left out.
convert() {
    suite=$1
    shift
    rm -rf "${suites:?}/$suite"
    mkdir -p "$suites/$suite"
    for wast; do
        name=$(basename "$wast" .wast)
        wast2json --enable-all "$wast" -o "$suites/$suite/$name.json" >/dev/null 2>&1 ||
            rm -f "$suites/$suite/$name.json"
    done
    echo "$suite" >>"$out/fetched.txt"
}

binaryen() {
    apt_root_prepare bookworm && apt_root_source bookworm binaryen "$out/binaryen"
}

mkdir -p "$suites"
: >"$out/fetched.txt"
convert own tests/spec/own/*.wast
if binaryen; then
    convert memory64 "$out"/binaryen/test/spec/*64.wast
else
    note "SKIPPED: the memory64 suite (the source of bookworm's binaryen)"
fi
if ! packaged; then
    note "SKIPPED: the official suites v1, v2 and proposals; the floor runs instead"
    if ! grep -q memory64 "$out/fetched.txt"; then
        note "the floor's source is not to be had either: only our own tests run"
        exit 1
    fi
    convert floor "$out"/binaryen/test/spec/*.wast
fi
: >"$out/fetched.ok"
