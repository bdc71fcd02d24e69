"""serial_drv under load: programs/console_stress.c runs in Init's place."""

import re

import initrd
from harness import BUILD, boot, case

STRESS = BUILD / "e2e-programs" / "console_stress"
THREAD_LINES = 2000


def between(result, name):
    """What stands between two marks."""
    parts = result.log.split(f"<{name}>\n")
    if len(parts) != 3:
        result.fail(f"the mark <{name}> should stand there twice")
    return parts[1]


def lines(size):
    return "".join(f"{number:015}\n" for number in range(size // 16))


def clients_text(result):
    """Lines of two clients come in any order between them, and each whole."""
    seen = {"a": [], "b": []}
    for line in between(result, "clients").splitlines():
        match = re.fullmatch(r"([ab]) (\d{5}) \1{14}", line)
        if not match:
            result.fail(f"two clients' lines mix: {line}")
        seen[match[1]].append(int(match[2]))
    if seen != {"a": list(range(THREAD_LINES)), "b": list(range(THREAD_LINES))}:
        result.fail("a client's lines are not all there in order")


def stress(folder, *options):
    path = initrd.with_file(folder, "init", STRESS.read_bytes())
    result = boot(folder, "--initrd", path, *options).expect_status(0)
    for name, size in (("shared", 1 << 20), ("messages", 1 << 18)):
        if between(result, name) != lines(size):
            result.fail(f"some of the {size} bytes of <{name}> are missing or wrong")
    clients_text(result)
    result.expect(r"\[init\] serial_drv is gone: COM1 is polled again",
                  r"\[init\] killed: exit code 5")


@case("driver-bursts")
def bursts(folder):
    stress(folder)


@case("driver-bursts-4-cpus")
def bursts_4_cpus(folder):
    stress(folder, "--cpus", 4)
