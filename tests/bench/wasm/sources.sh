#!/bin/sh
# Unpacks the sources of Lua and SQLite, Debian's, to build/bench/src, and makes SQLite's
# single source file. Does nothing when they are there. To be run from the top of the tree.
set -eu
. tests/spec/apt_root.sh

suite=trixie
base=build/bench/src

fetch() {
    [ -e "$base/$1.ok" ] && return 0
    rm -rf "${base:?}/$1"
    mkdir -p "$base/$1"
    apt_root_source "$suite" "$1" "$base/$1"
    : >"$base/$1.ok"
}

apt_root_prepare "$suite"
fetch lua5.4
fetch sqlite3
if [ ! -e "$base/sqlite3.c" ]; then
    tree=$(dirname "$(find "$(pwd)/$base/sqlite3" -name configure.ac -o -name auto.def |
        awk 'NR == 1 || length < length(best) { best = $0 } END { print best }')")
    mkdir -p "$base/sqlite-build"
    (cd "$base/sqlite-build" && "$tree/configure" --disable-readline &&
        make sqlite3.c sqlite3.h) >"$base/sqlite.log" 2>&1
    cp "$tree/test/speedtest1.c" "$base/sqlite-build/sqlite3.h" "$base/sqlite-build/sqlite3.c" "$base"
fi

# Headers that Debian's build would generate, and the setjmp.h that wasm32 lacks.
mkdir -p "$base/stub" "$base/stub-wasm"
echo '#define DEB_HOST_MULTIARCH ""' >"$base/stub/lua5.4-deb-multiarch.h"
echo 'typedef int jmp_buf[1];' >"$base/stub-wasm/setjmp.h"
