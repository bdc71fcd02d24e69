"""`mnos run` and `mnos check`: one program in a system of its own."""

import os

import initrd
import wasm_module as w
from harness import BUILD, MNOS, case, mnos
from harness import run as command
from session import Session

APPS = BUILD / "apps"


def program(folder, *words, **how):
    """Runs a program with a limit of time that no case should come near to."""
    return mnos(folder, "run", "--timeout", "60", *words, **how)


def piped(folder, data):
    """A standard input that holds @p data and then ends."""
    path = folder.write("stdin", data)
    return open(path, "rb")


@case("run-hello")
def hello(folder):
    run = program(folder, APPS / "hello.wasm").expect_status(0)
    if run.raw != b"Hello, world!\n" or run.error:
        run.fail("the greeting and nothing else")


@case("run-arguments")
def arguments(folder):
    words = ["two words", "", "\"quoted\\", "été", "--verbose", "#x", "\x7f\t"]
    run = program(folder, APPS / "hello.wasm", "--", *words).expect_status(0)
    if run.raw.decode() != "".join(f"Hello, {word}!\n" for word in words):
        run.fail("every argument as it was given")


@case("run-cat-is-8-bit-clean")
def cat(folder):
    data = bytes(range(256)) * 3000 + os.urandom(1 << 18)
    with piped(folder, data) as stdin:
        run = program(folder, APPS / "cat.wasm", stdin=stdin).expect_status(0)
    if run.raw != data:
        run.fail(f"{len(data)} bytes went in, {len(run.raw)} came out, or others")


@case("run-status")
def status(folder):
    program(folder, APPS / "cat.wasm", "--", "/nothing").expect_status(1)


@case("run-denial-says-what-to-grant")
def denial(folder):
    program(folder, APPS / "cat.wasm", "--", "/data/file").expect_status(1) \
        .expect_said(r"^mnos: denied: path_open /data/file: no directory covers it; allow it "
                     r"by `dir host:/data /data ro` \(--dir /data::/data:ro\)$")


@case("run-refusals")
def refusals(folder):
    """Nothing is started, one line says which and what to do, the status is 2."""
    def refused(content, pattern):
        path = folder.write("bad.wasm", content)
        for command in ("run", "check"):
            mnos(folder, command, path).expect_status(2).expect_error(pattern)

    refused(b"", "is empty")
    refused(b"#!/bin/sh\n", "not a WebAssembly binary")
    refused(b"\0asm\x0d\0\x01\0", "is a component; core modules run here")
    refused(b"\0asm\x01\0\0\0", "is a library, it has no function `_start`")
    refused(w.module(), "is a library|imports env")
    mnos(folder, "run", "nothing.wasm").expect_status(2).expect_error("cannot read")
    mnos(folder, "run").expect_status(2).expect_error("which file")


@case("run-bad-options")
def bad_options(folder):
    def refused(pattern, *options):
        mnos(folder, "run", *options, APPS / "hello.wasm").expect_status(2) \
            .expect_error(pattern)

    refused("--memory 1: expected a size", "--memory", "1")
    refused("--cpu 0: expected 1 to 100 percent", "--cpu", "0")
    refused("--env A: expected NAME=VALUE", "--env", "A")
    refused("--clock wall: expected `real`", "--clock=wall")
    refused("--allow net: expected name, arg", "--allow", "net")
    refused("cannot read the manifest", "--manifest", "nothing")
    path = folder.write("bad.manifest", b"random\nnet\n")
    refused("bad.manifest: line 2: expected name, arg", "--manifest", path)
    path = folder.write("good.manifest", b"memory 1M\n")
    refused("one line only", "--manifest", path, "--memory", "1M")


@case("check-suggests")
def check(folder):
    mnos(folder, "check", APPS / "cat.wasm").expect_status(0).expect(
        r".*cat\.wasm: a WASI command of \d+ bytes, \d+ functions, \d+ imports, all served",
        r"  without a grant: .*fd_write.*",
        r"  in directories that it is given: .*path_open.*",
        r"  dir host:FOLDER /FOLDER ro")


@case("run-own-c-file")
def own_c_file(folder):
    """The README's line for one's own C file."""
    source = folder.write("your.c", b"#include <stdio.h>\nint main(void)\n{\n    return puts(\"mine\") < 0 ? 1 : 7;\n}\n")
    output = folder.path / "your.wasm"
    command(folder, ["clang-19", "--target=wasm32-wasi", "--sysroot=/usr", "-O2", source, "-o", output]) \
        .expect_status(0)
    run = program(folder, output).expect_status(7)
    if run.raw != b"mine\n":
        run.fail("what it prints")


@case("run-200-at-once")
def many(folder):
    """Two hundred programs in 1 GiB, each in a process of its own: all of them finish."""
    content = initrd.files()
    content["system.manifest"] += b"program many 200\n"
    content["many.wasm"] = (APPS / "hello.wasm").read_bytes()
    content["many.manifest"] = b"memory 128K\n"
    path = folder.write("initrd.tar", initrd.archive_of(content))
    with Session(folder, [MNOS, "boot", "--memory", "1G", "--timeout", 110, "--initrd", path]) as session:
        for _ in range(200):
            session.wait_for(b"Hello, world!")
