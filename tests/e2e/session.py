"""A command that is talked to while it runs: on pipes, or on a terminal of its own."""

import os
import pty
import select
import signal
import subprocess
import termios
import time

from harness import RUN_SECONDS, Failure, Skip


class Session:
    """Runs a command on pipes. Use as a context: it ends the command."""

    def __init__(self, folder, command):
        self.folder = folder
        self.seen = bytearray()
        self.position = 0  # of what is not looked at yet
        self.start([str(word) for word in command])

    def start(self, command):
        self.process = subprocess.Popen(
            command, cwd=self.folder.path, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)
        self.reader = self.process.stdout.fileno()
        self.writer = self.process.stdin.fileno()

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        self.folder.write("session.log", self.seen)
        self.close()

    def read_some(self, seconds):
        """Takes what is printed within the time; True when there was something."""
        if not select.select([self.reader], [], [], seconds)[0]:
            return False
        piece = os.read(self.reader, 65536)
        self.seen += piece.replace(b"\r", b"")  # a terminal puts one before each \n
        return bool(piece)

    def wait_for(self, text, seconds=RUN_SECONDS):
        """Reads until `text` is printed; the next wait looks behind it."""
        end = time.monotonic() + seconds
        while True:
            found = self.seen.find(text, self.position)
            if found >= 0:
                self.position = found + len(text)
                return
            if time.monotonic() > end:
                self.fail(f"{text!r} was not printed within {seconds} s")
            if not self.read_some(0.2) and self.process.poll() is not None \
                    and not self.read_some(0):
                self.fail(f"ended before {text!r} was printed")

    def type(self, keys):
        os.write(self.writer, keys)

    def wait_end(self, seconds=10):
        """The command's status, once it has ended."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > end:
                self.fail(f"did not end within {seconds} s")
            self.read_some(0.05)
        while self.read_some(0.05):
            pass
        return self.process.returncode

    def fail(self, reason):
        tail = self.seen[-800:].decode("utf-8", "replace")
        raise Failure(f"{reason}\n      {tail}")


class TerminalSession(Session):
    """The same on a new terminal, as a user has it. Skips where there are none."""

    def start(self, command):
        try:
            self.reader, self.slave = pty.openpty()
        except OSError as error:
            raise Skip(f"no pseudo terminals here ({error}): is /dev/pts there?") \
                from error
        self.writer = self.reader
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            command, cwd=self.folder.path, stdin=self.slave, stdout=self.slave,
            stderr=self.slave, start_new_session=True)

    def close(self):
        os.close(self.reader)
        os.close(self.slave)

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def expect_restored(self, seconds=5):
        """The terminal is as it was. A killed command's guardian needs a moment."""
        end = time.monotonic() + seconds
        while not self.is_restored():
            if time.monotonic() > end:
                self.fail("the terminal was left in another state")
            time.sleep(0.02)
