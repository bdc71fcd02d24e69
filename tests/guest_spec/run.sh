#!/bin/sh
# run.sh FOLDER: boots FOLDER/initrd.tar and prints what it printed, its counts last. Where the
# official suite is in it, at least as many commands must pass as tests/spec/suites.txt says.
set -u
folder=$1
./mnos boot --memory 512M --timeout 110 --initrd "$folder/initrd.tar" \
	</dev/null >"$folder/log.txt" 2>&1
status=$?
tr -d '\r' <"$folder/log.txt"
[ "$status" -eq 0 ] || exit "$status"
[ -d "$folder/files/v1" ] || {
	echo "guest-spec: SKIPPED the official suite, which is not to be had; our own ran" >&2
	exit 0
}
floor=$(awk '$1 == "v1" { print $4 }' tests/spec/suites.txt)
passed=$(tr -d '\r' <"$folder/log.txt" | awk '/ passed, / { print $1 }')
[ "${passed:-0}" -ge "$floor" ] || {
	echo "guest-spec: only $passed passed, at least $floor expected" >&2
	exit 1
}
