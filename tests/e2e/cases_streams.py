"""The console service over the link: programs/streams.c runs in Init's place, this file
speaks as the host's command does (docs/link.md), written from that page alone."""

import random
import re
import socket
import struct
import subprocess
import threading
import time

import initrd
from harness import BUILD, KERNEL, MNOS, RUN_SECONDS, Failure, Run, case
from session import Session

STREAMS = BUILD / "e2e-programs" / "streams"
HELLO, DATA, END, CREDIT, SIGNAL, EXIT = range(1, 7)
STDIN, STDOUT, STDERR, LOG = range(4)
WINDOW = 10000


def packet(kind, stream=0, payload=b""):
    return struct.pack("<BBH", kind, stream, len(payload)) + payload


class Host:
    """The host's end: sends `data` and its end within the guest's credit, grants windows,
    answers the last line of stderr by a signal, keeps what comes until the exit."""

    def __init__(self, data, slow=False):
        self.ours, self.qemus = socket.socketpair()
        self.data = data
        self.slow = slow
        self.sent = 0
        self.ended = False
        self.credit = 0
        self.granted = {stream: WINDOW for stream in (STDOUT, STDERR, LOG)}
        self.came = {stream: bytearray() for stream in (STDOUT, STDERR, LOG)}
        self.over = set()
        self.status = None
        self.problem = None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        try:
            self.send(HELLO, 0, struct.pack("<II", 0x4b4c4e4d, 1))
            for stream, window in self.granted.items():
                self.send(CREDIT, stream, struct.pack("<I", window))
            while self.status is None:
                self.take(*self.read_packet())
                self.send_input()
        except (OSError, EOFError, ValueError) as problem:
            self.problem = repr(problem)

    def send(self, kind, stream, payload=b""):
        """Sends a packet. Where the machine has ended there is still something to read."""
        try:
            self.ours.sendall(packet(kind, stream, payload))
        except BrokenPipeError:
            pass

    def read(self, size):
        content = b""
        while len(content) < size:
            piece = self.ours.recv(size - len(content))
            if not piece:
                raise EOFError("the port was closed before the exit")
            content += piece
        return content

    def read_packet(self):
        kind, stream, size = struct.unpack("<BBH", self.read(4))
        return kind, stream, self.read(size)

    def take(self, kind, stream, payload):
        if kind == DATA:
            self.take_data(stream, payload)
        elif kind == CREDIT and stream == STDIN:
            self.credit += struct.unpack("<I", payload)[0]
        elif kind == END and stream in self.came:
            self.over.add(stream)
        elif kind == EXIT:
            self.status = struct.unpack("<I", payload)[0]
        elif (kind, stream, payload) != (HELLO, 0, struct.pack("<II", 0x4b4c4e4d, 1)):
            raise ValueError(f"packet {kind} on stream {stream}: {payload!r}")

    def take_data(self, stream, payload):
        self.granted[stream] -= len(payload)
        if self.granted[stream] < 0 or not payload:
            raise ValueError(f"more came on stream {stream} than was granted")
        self.came[stream] += payload
        if self.slow:
            time.sleep(0.001)
        self.granted[stream] += len(payload)
        self.send(CREDIT, stream, struct.pack("<I", len(payload)))
        if stream == LOG and payload.endswith(b"\n"):
            self.send(SIGNAL, 0, struct.pack("<I", 1))

    def send_input(self):
        while self.credit > 0 and self.sent < len(self.data):
            piece = self.data[self.sent:self.sent + min(self.credit, 4096)]
            self.send(DATA, STDIN, piece)
            self.sent += len(piece)
            self.credit -= len(piece)
        if self.sent == len(self.data) and not self.ended:
            self.ended = True
            self.send(END, STDIN)


def streams(folder, host, cpus=1):
    path = initrd.with_file(folder, "init", STREAMS.read_bytes())
    command = [
        "qemu-system-x86_64", "-nodefaults", "-no-reboot", "-machine", "q35",
        "-accel", "tcg", "-cpu", "max", "-smp", str(cpus), "-m", "256",
        "-display", "none", "-serial", "stdio", "-kernel", str(KERNEL),
        "-initrd", str(path), "-append", "debug_exit=0xf4",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-device", "virtio-rng-pci",
        "-chardev", f"socket,id=link,fd={host.qemus.fileno()}",
        "-device", "virtio-serial-pci",
        "-device", "virtserialport,chardev=link,name=mnos.link"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, pass_fds=[host.qemus.fileno()])
    host.qemus.close()
    host.thread.start()
    try:
        out, error = process.communicate(timeout=RUN_SECONDS)
    except subprocess.TimeoutExpired:
        process.terminate()
        out, error = process.communicate()
    host.thread.join(5)
    host.ours.close()
    result = Run(command, process.returncode, out, error.decode("utf-8", "replace"))
    folder.keep_log(result)
    if host.problem:
        result.fail(f"the link: {host.problem}")
    result.expect_status(0).expect(r"\[random\] seeded by .*virtio-rng")
    return result


def check(host, result, data):
    if bytes(host.came[STDOUT]) != data:
        result.fail(f"{len(host.came[STDOUT])} bytes of stdout are not the {len(data)} of stdin")
    if host.came[STDERR] != b"copied %d bytes\nsignal 1\n" % len(data):
        result.fail(f"stderr: {bytes(host.came[STDERR])!r}")
    log = re.fullmatch(rb"wall (\d+) random [0-9a-f]{16}\n", bytes(host.came[LOG]))
    if not log or abs(int(log[1]) - time.time()) > 600:
        result.fail(f"log: {bytes(host.came[LOG])!r}")
    if host.status != 7 or host.over != {STDOUT, STDERR, LOG}:
        raise Failure(f"status {host.status}, streams at their end: {host.over}")


@case("streams-copy")
def copy(folder):
    data = random.Random(1).randbytes(500000)
    host = Host(data)
    check(host, streams(folder, host), data)


@case("streams-empty")
def empty(folder):
    host = Host(b"")
    check(host, streams(folder, host), b"")


@case("streams-slow-host")
def slow_host(folder):
    """The host reads slowly: the guest waits, and nothing is lost."""
    data = random.Random(2).randbytes(60000)
    host = Host(data, slow=True)
    check(host, streams(folder, host, cpus=4), data)


@case("streams-serial")
def serial(folder):
    """Without a port the streams are the system's console: typed lines and their echo."""
    path = initrd.with_file(folder, "init", STREAMS.read_bytes())
    command = [MNOS, "boot", "--timeout", 60, "--initrd", path, "--append", "serial"]
    with Session(folder, command) as session:
        session.wait_for(b"type\n")
        session.type(b"a line\r")
        session.wait_for(b"typed: a line\n")
        for number in range(40):
            session.type(b"line %d" % number + b"." * 200 + b"\r")
        for number in range(40):
            session.wait_for(b"typed: line %d" % number + b"." * 200 + b"\n")
        session.type(b"\rlast\r\x04")
        session.wait_for(b"typed: \n")
        session.wait_for(b"typed: last\n")
        session.wait_for(b"end of file\n")
        session.type(b"dropped\x03")
        session.wait_for(b"dropped^C\n")
        session.wait_for(b"signal 1\n")
        if session.wait_end() != 0:
            session.fail("the machine should end with 0")
