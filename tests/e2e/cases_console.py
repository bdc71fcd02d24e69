"""The console: typing, and bursts of output that lose nothing."""

import initrd
import wasm_module as w
from harness import MNOS, boot, case
from session import Session, TerminalSession

RUNNING = b"serial_drv: running as pid"


def booted(folder, *options, kind=Session):
    """A session with the machine proved. Without a list of services it is Init that reads
    what is typed, and says so."""
    plain = initrd.without_file(folder, "system.manifest")
    session = kind(folder, [MNOS, "boot", "--timeout", 110, "--initrd", plain, *options])
    session.wait_for(RUNNING)
    session.wait_for(b"\n")
    return session


def type_and_read(session):
    """What is typed comes back, and Init reads it line by line."""
    session.type(b"what is typed")
    session.wait_for(b"what is typed")
    session.type(b"\r")
    session.wait_for(b"[init] read: what is typed\n")
    session.type(b"shorr\x7fter\r")
    session.wait_for(b"[init] read: shorter\n")
    session.type(b"\x03\x02\r")
    session.wait_for(b"[init] read: \n")


@case("console-typing-echoes")
def typing_echoes(folder):
    with booted(folder) as session:
        type_and_read(session)


@case("console-typing-on-terminal")
def typing_on_terminal(folder):
    """The same on a terminal; then Ctrl-A X."""
    with booted(folder, kind=TerminalSession) as session:
        type_and_read(session)
        session.type(b"\x01x")
        if session.wait_end() != 0:
            session.fail("left by Ctrl-A X it should end with 0")
        session.expect_restored()


@case("console-typing-4-cpus")
def typing_4_cpus(folder):
    with booted(folder, "--cpus", 4) as session:
        for number in range(50):
            session.type(b"line %d\r" % number)
            session.wait_for(b"[init] read: line %d\n" % number)


@case("console-typing-fast")
def typing_fast(folder):
    """512 KiB typed as fast as the line takes them. With the echo and Init's answers that
    is more than 1 MiB of output through serial_drv, by messages and interrupts: nothing
    is lost on either way."""
    lines = [b"%04d" % number + b"." * 250 for number in range(2064)]
    with booted(folder) as session:
        for start in range(0, len(lines), 8):
            piece = lines[start:start + 8]
            session.type(b"".join(line + b"\r" for line in piece))
            for line in piece:
                session.wait_for(b"[init] read: " + line)


@case("console-burst")
def burst(folder):
    """A module prints 1 MiB; every byte arrives, in order."""
    line = b"".join(b"%07d\n" % number for number in range(1024))
    pages = 16
    text = w.print_range(16, len(line))
    module = w.module(data=line, run_guest=text * 128, pages=pages)
    path = initrd.with_file(folder, "hello_wasm.wasm", module)
    result = boot(folder, "--initrd", path).expect_status(0)
    if (line * 128).decode() not in result.log:
        result.fail("some of the 1 MiB is missing, or another text stands between")
