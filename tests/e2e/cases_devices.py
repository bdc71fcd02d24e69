"""The PCI bus and the virtio drivers: programs/devices.c runs in Init's place and uses
QEMU's devices; this file is the other end of the serial port."""

import random
import socket
import subprocess
import threading

import initrd
from harness import BUILD, KERNEL, RUN_SECONDS, Run, case

DEVICES = BUILD / "e2e-programs" / "devices"
STORM = BUILD / "e2e-programs" / "service_storm"
PORT_BYTES = 300000
# The guest's end of the echo: 16 zeros in a row.
END = bytes(16)


class Port:
    """The host's end of the port: sends the data as fast as it goes, keeps what comes."""

    def __init__(self, data):
        self.data = data
        self.back = bytearray()
        self.ours, self.qemus = socket.socketpair()
        self.threads = [threading.Thread(target=each, daemon=True)
                        for each in (self.send, self.receive)]

    def start(self):
        self.qemus.close()
        for thread in self.threads:
            thread.start()

    def send(self):
        try:
            self.ours.sendall(self.data)
        except OSError:
            pass  # the machine is gone; the case says so

    def receive(self):
        while len(self.back) < len(self.data):
            try:
                piece = self.ours.recv(65536)
            except OSError:
                break
            if not piece:
                break
            self.back += piece

    def end(self):
        for thread in self.threads:
            thread.join(5)
        self.ours.close()


def run_devices(folder, machine, cpus, port, program=DEVICES):
    """Boots a program with a device of each kind."""
    path = initrd.with_file(folder, "init", program.read_bytes())
    shared = folder.path / "shared"
    shared.mkdir(exist_ok=True)
    command = [
        "qemu-system-x86_64", "-nodefaults", "-no-reboot", "-machine", machine,
        "-accel", "tcg", "-cpu", "max", "-smp", str(cpus), "-m", "256",
        "-display", "none", "-serial", "stdio", "-kernel", str(KERNEL),
        "-initrd", str(path), "-append", "debug_exit=0xf4",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-device", "virtio-rng-pci",
        "-chardev", f"socket,id=link,fd={port.qemus.fileno()}",
        "-device", "virtio-serial-pci",
        "-device", "virtserialport,chardev=link,name=mnos.link",
        "-fsdev", f"local,id=dir0,path={shared},security_model=none",
        "-device", "virtio-9p-pci,fsdev=dir0,mount_tag=dir0"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, pass_fds=[port.qemus.fileno()])
    port.start()
    try:
        out, error = process.communicate(timeout=RUN_SECONDS)
    except subprocess.TimeoutExpired:
        process.terminate()
        out, error = process.communicate()
    port.end()
    result = Run(command, process.returncode, out, error.decode("utf-8", "replace"))
    folder.keep_log(result)
    return result


def devices(folder, machine, cpus):
    data = random.Random(cpus).randbytes(PORT_BYTES).replace(END, b"x" * len(END)) + END
    port = Port(data)
    result = run_devices(folder, machine, cpus, port)
    result.expect_status(0).expect(
        r"pci 00:..\.. 1af4:1044 class 00ff00", "bus: strangers refused",
        "random at first: 128 words, all different",
        "9p: tag dir0, 131072 bytes", "9p: 21 bytes, type 101, version 9P2000.L",
        f"port: {len(data)} bytes",
        "random after a restart: 128 words, all different",
        "random with a new bus: 128 words, all different", "devices: done")
    if bytes(port.back) != bytes(255 - byte for byte in data):
        result.fail("the bytes that came back over the port are not those that were sent")


@case("devices-q35")
def on_q35(folder):
    devices(folder, "q35", 1)


@case("devices-pc")
def on_pc(folder):
    devices(folder, "pc", 1)


@case("devices-4-cpus")
def on_4_cpus(folder):
    devices(folder, "q35", 4)


@case("services-storm")
def storm(folder):
    """Hostile clients: 20,000 made-up requests, after which every service still serves."""
    result = run_devices(folder, "q35", 1, Port(b""), program=STORM)
    result.expect_status(0).expect("storm: 20000 requests", "crowd: 700 clients",
                                      "storm: all serve")
