#!/bin/sh
# smith.sh - runs `wasm-tools smith` of sid, fetched under build/ the first time.
#
#   sh smith.sh fetch              status 0: it is there
#   sh smith.sh ARGUMENTS ...      wasm-tools smith ARGUMENTS
. tests/spec/apt_root.sh
tree=build/wasm-tools

if [ "$1" != fetch ]; then
    apt_root_run "$tree" usr/bin/wasm-tools smith "$@"
    exit
fi
[ -e "$tree/ready" ] && exit 0
apt_root_prepare sid || exit 1
for package in wasm-tools libc6 libgcc-s1; do
    apt_root_unpack sid "$package" "$tree" || exit 1
done
: >"$tree/ready"
