"""`mnos` itself, on tiny kernels that do one thing: statuses, options, the terminal."""

import os
import signal
import subprocess
import time

import tiny_kernel
from harness import MNOS, Failure, case, mnos, run
from session import TerminalSession

SYMBOLS = [("alpha", 0xFFFFFFFF80200000, 0x100), ("beta", 0xFFFFFFFF80200100, 0x100)]
PANIC = ("panic: a reason\npanic:   0xffffffff80200010\npanic:   0xffffffff80200100\n"
         "panic:   0xffffffff80300000\n")


def kernel_options(folder, text, ending, symbols=()):
    """The options for booting a tiny kernel, with some initrd."""
    kernel = folder.write("kernel.elf", tiny_kernel.build(text, ending, symbols))
    return ["--kernel", kernel, "--initrd", folder.write("initrd", b"-" * 512)]


def boot_tiny(folder, text, ending, *options, symbols=(), **how):
    return mnos(folder, "boot", *kernel_options(folder, text, ending, symbols), *options,
                **how)


@case("command-power-off-is-0")
def power_off(folder):
    run_ = boot_tiny(folder, "in order\n", tiny_kernel.POWER_OFF, "--timeout", 30)
    run_.expect_status(0).expect("in order")
    if run_.error:
        run_.fail("an orderly end needs no comment")


@case("command-failing-status-is-1")
def failing_status(folder):
    for status in (1, 2, 77):
        boot_tiny(folder, "failing\n", tiny_kernel.exit_with(status), "--timeout", 30) \
            .expect_status(1).expect_error("^mnos: a phase of Init failed$")


@case("command-panic-has-symbols")
def panic_symbols(folder):
    boot_tiny(folder, PANIC, tiny_kernel.exit_with(1), "--timeout", 30,
              symbols=SYMBOLS).expect_status(1) \
        .expect_said(r"0xffffffff80200010 alpha\+0x10$") \
        .expect_said(r"0xffffffff80200100 alpha\+0x100$") \
        .expect_said(r"0xffffffff80300000 \?$") \
        .expect_said("^mnos: the kernel panicked$")


@case("command-panic-broken-symbols")
def panic_broken_symbols(folder):
    """A symbol table that lies outside of its file: a line, never a crash."""
    image = tiny_kernel.build(PANIC, tiny_kernel.exit_with(1), SYMBOLS)
    sections = int.from_bytes(image[40:48], "little")
    for at in (sections + 64 + 24, sections + 128 + 24, sections + 64 + 56):
        broken = image[:at] + b"\xff\xff\xff\x7f" + image[at + 4:]
        kernel = folder.write("kernel.elf", broken)
        mnos(folder, "boot", "--kernel", kernel, "--initrd", kernel, "--timeout", 30) \
            .expect_status(1).expect_said("no names for the backtrace")


@case("command-reset-is-1")
def reset(folder):
    boot_tiny(folder, "resetting\n", tiny_kernel.RESET, "--timeout", 30) \
        .expect_status(1).expect("resetting").expect_error("triple fault")


@case("command-time-out-is-124")
def time_out(folder):
    boot_tiny(folder, "hanging\n", tiny_kernel.HANG, "--timeout", 2).expect_status(124) \
        .expect("hanging").expect_error("time ran out after 2 s")


@case("command-input-reaches-com1")
def piped_input(folder):
    """64 KiB of input, more than any buffer on the way, come back whole."""
    text = b"".join(b"%07d\n" % i for i in range(8192)) + b"q"
    source = folder.write("input", text)
    with open(source, "rb") as stdin:
        result = boot_tiny(folder, "", tiny_kernel.ECHO, "--timeout", 60, stdin=stdin)
    result.expect_status(0)
    if result.raw != text:
        result.fail(f"{len(result.raw)} bytes came back of {len(text)}, or other ones")


@case("command-broken-pipe-ends-it")
def broken_pipe(folder):
    options = kernel_options(folder, "line\n" * 20000, tiny_kernel.HANG)
    command = " ".join(str(word) for word in [MNOS, "boot", *options, "--timeout", 60])
    start = time.monotonic()
    result = run(folder, ["sh", "-c", f"{command} | head -n 1"])
    if result.log != "line\n" or time.monotonic() - start > 30:
        result.fail("the command should end with the one who reads its output")


@case("command-options")
def options(folder):
    """Wrong options: one line on standard error that names the matter, status 2."""
    some = folder.write("some-file", b"x")
    wrong = [
        (["--nonsense"], "unknown option --nonsense"),
        (["what"], "what is 'what'"),
        (["--memory"], "--memory needs a value"),
        (["--memory", "128"], "--memory 128"),
        (["--memory", "128X"], "--memory 128X"),
        (["--memory", "K"], "--memory K"),
        (["--memory", "-1M"], "--memory -1M"),
        (["--memory", "2M"], "from 3M"),
        (["--memory", "99999999999999999999G"], "--memory 9999"),
        (["--memory", "17179869184G"], "--memory 171"),
        (["--cpus", "0"], "--cpus 0"),
        (["--cpus", "4x"], "--cpus 4x"),
        (["--cpus", "256"], "--cpus 256"),
        (["--machine", "sun4m"], "q35, pc and microvm"),
        (["--firmware", "coreboot"], "none, bios and uefi"),
        (["--timeout", "0"], "--timeout 0"),
        (["--timeout", "1.5"], "--timeout 1.5"),
        (["--poweroff=yes"], "--poweroff takes no value"),
        (["--append", "a\nb"], "--append"),
        (["--append", "'a'"], "--append"),
        (["--disk", "/nowhere/disk"], "/nowhere/disk.*No such file"),
        (["--initrd", "/nowhere/initrd"], "/nowhere/initrd.*No such file"),
        (["--initrd", folder.path], "is a folder"),
        (["--kernel", "/nowhere/kernel"], "/nowhere/kernel.*No such file"),
        (["--disk", some, "--no-disk"], "exclude each other"),
        (["--machine", "microvm", "--firmware", "bios"], "microvm has no firmware"),
        (["--machine", "microvm", "--firmware", "uefi"], "microvm has no firmware"),
        (["--machine", "microvm", "--disk", some], "microvm has no PCI"),
    ]
    for words, pattern in wrong:
        mnos(folder, "boot", *words).expect_status(2).expect_error(pattern)
    mnos(folder, "fly").expect_status(2).expect_error("unknown command fly")
    mnos(folder, "image").expect_status(2).expect_error("name of the ISO")
    mnos(folder).expect_status(0).expect(".*mnos boot.*")
    mnos(folder, "help").expect_status(0).expect(".*mnos boot.*", ".*--memory SIZE.*")
    mnos(folder, "--version").expect_status(0).expect(r"mnos \d+\.\d+\.\d+")


@case("command-qemu-refuses")
def qemu_refuses(folder):
    """What QEMU does not want to start is no panic."""
    kernel = folder.write("kernel.elf", b"this is no kernel")
    mnos(folder, "boot", "--kernel", kernel, "--initrd", kernel, "--timeout", 30) \
        .expect_status(2).expect_said("QEMU ended without")


@case("command-not-installed")
def not_installed(folder):
    """Without QEMU on PATH: one line that says what installs it."""
    options_ = kernel_options(folder, "", tiny_kernel.HANG)
    run(folder, ["env", "PATH=/nowhere", MNOS, "boot", *options_]) \
        .expect_status(2).expect_error("qemu-system-x86_64 is not installed")


def stat_of(pid):
    """The fields of /proc/PID/stat behind the name: state, parent, …; [] if it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rsplit(")", 1)[1].split()
    except OSError:
        return []


def children_of(pid):
    """The pids of all processes below one."""
    found = []
    for other in os.listdir("/proc"):
        if other.isdigit() and stat_of(other)[1:2] == [str(pid)]:
            found += [int(other)] + children_of(other)
    return found


def is_alive(pid):
    return stat_of(pid)[:1] not in ([], ["Z"])


def expect_gone(pids, seconds=10):
    end = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > end:
            raise Failure(f"still running: {[pid for pid in pids if is_alive(pid)]}")
        time.sleep(0.02)


def hanging_session(folder):
    options_ = kernel_options(folder, "hanging\n", tiny_kernel.HANG)
    return TerminalSession(folder, [MNOS, "boot", *options_, "--timeout", 100])


@case("command-terminal-keys")
def terminal_keys(folder):
    """Ctrl-A X leaves, Ctrl-A Ctrl-A is one Ctrl-A, and Ctrl-C goes to the machine."""
    options_ = kernel_options(folder, "ready\n", tiny_kernel.ECHO)
    with TerminalSession(folder, [MNOS, "boot", *options_, "--timeout", 100]) as session:
        session.wait_for(b"mnos: Ctrl-A X leaves")
        if session.seen.strip() != b"mnos: Ctrl-A X leaves":
            session.fail("the first line should say how to leave")
        session.wait_for(b"ready\n")
        session.type(b"ab\x03\x01\x01\x01ac")
        session.wait_for(b"ab\x03\x01\x01c")
        session.type(b"\x01x")
        if session.wait_end() != 0:
            session.fail("left by Ctrl-A X it should end with 0")
        session.expect_restored()


@case("command-terminal-restored")
def terminal_restored(folder):
    """However it ends, the terminal is as before and QEMU is gone."""
    for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL"):
        number = getattr(signal, name)
        with hanging_session(folder) as session:
            session.wait_for(b"hanging")
            if session.is_restored():
                session.fail("the terminal should be in raw mode by now")
            pids = children_of(session.process.pid)
            if len(pids) < 2:
                session.fail("there should be QEMU and the guardian")
            session.process.send_signal(number)
            if session.wait_end() != -number:
                session.fail(f"it should have ended by {name}")
            session.expect_restored()
            expect_gone(pids)


@case("command-terminal-after-panic")
def terminal_after_panic(folder):
    options_ = kernel_options(folder, PANIC, tiny_kernel.exit_with(1), SYMBOLS)
    with TerminalSession(folder, [MNOS, "boot", *options_, "--timeout", 100]) as session:
        session.wait_for(b"alpha+0x10")
        if session.wait_end() != 1:
            session.fail("a panic is status 1")
        session.expect_restored()


@case("command-leaves-nothing")
def leaves_nothing(folder):
    """A run's own folder is gone after it, also after a kill."""
    for number in (None, signal.SIGKILL):
        options_ = kernel_options(folder, "running\n", tiny_kernel.HANG)
        limit = 2 if number is None else 100
        process = subprocess.Popen(
            [str(word) for word in [MNOS, "boot", *options_, "--timeout", limit]],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdout.readline()
        pids = children_of(process.pid)
        made = {os.readlink(f"/proc/{pid}/fd/{fd}") for pid in pids
                for fd in os.listdir(f"/proc/{pid}/fd")
                if os.path.lexists(f"/proc/{pid}/fd/{fd}")}
        disks = [path for path in made if path.endswith("/disk.img")]
        if len(disks) != 1:
            raise Failure(f"QEMU should have one disk open: {made}")
        if number is not None:
            process.send_signal(number)
        process.wait()
        process.stdout.close()
        expect_gone(pids)
        if os.path.exists(os.path.dirname(disks[0])):
            raise Failure(f"left behind: {os.path.dirname(disks[0])}")
