#!/bin/sh
# run.sh - runs every fetched suite, with guard pages and with explicit bounds checks.
#
#   sh tests/spec/run.sh MNOS_WASM
#
# tests/spec/suites.txt says for each suite the features, the least number of files and the least
# number of passes a run: fewer is a failure, so an empty run cannot pass. Failures go to
# build/spec/failures.txt. The last line is `N passed, N failed, N skipped`.
set -u

command=$1
log=build/spec/suite.log
passed=0 failed=0 skipped=0
: >build/spec/failures.txt

# Adds the counts of the last line of the log to the totals.
add_counts() {
    # shellcheck disable=SC2046 # three words
    set -- $(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log")
    if [ $# -ne 3 ]; then
        echo "$suite: mnos-wasm ended without counts" | tee -a build/spec/failures.txt
        tail -n 3 "$log"
        set -- 0 1 0
    fi
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    suite_passed=$1
}

fail() {
    echo "$suite: $*" | tee -a build/spec/failures.txt
    failed=$((failed + 1))
}

run_suite() {
    files=$(find "build/spec/suites/$suite" -name '*.json' | wc -l)
    if [ "$files" -lt "$least_files" ]; then
        fail "only $files files, at least $least_files expected"
    fi
    for bounds in "" --explicit-bounds; do
        # shellcheck disable=SC2086 # no option, or one
        timeout 600 "$command" spec --skip tests/spec/skip.txt --features "$features" \
            $bounds build/spec/suites/"$suite"/*.json >"$log" 2>&1
        add_counts
        grep ': failed: ' "$log" >>build/spec/failures.txt
        printf '%-28s %-17s %4d files  %s\n' "$suite" "${bounds:-guard pages}" "$files" \
            "$(tail -n 1 "$log")"
        if [ "$suite_passed" -lt "$least_passes" ]; then
            fail "only $suite_passed passed, at least $least_passes expected"
        fi
    done
}

while read -r suite features least_files least_passes; do
    case $suite in '' | '#'*) continue ;; esac
    if grep -qx "$suite" build/spec/fetched.txt; then
        run_suite
    fi
done <tests/spec/suites.txt

if [ "$failed" -ne 0 ]; then
    echo "the first failures (all: build/spec/failures.txt):"
    head -n 20 build/spec/failures.txt | cut -c 1-200
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
