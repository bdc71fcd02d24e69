"""A command on a terminal of its own, as a user has it."""

import os
import pty
import select
import signal
import subprocess
import termios
import time

from harness import RUN_SECONDS, Failure


class PtySession:
    """Runs a command on a new terminal. Use as a context: it ends the command."""

    def __init__(self, folder, command):
        self.folder = folder
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.seen = bytearray()
        self.position = 0  # of what is not looked at yet
        self.read_to = 0  # what stands before was waited for already
        self.process = subprocess.Popen(
            [str(word) for word in command], cwd=folder.path, stdin=self.slave,
            stdout=self.slave, stderr=self.slave, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        self.folder.write("terminal.log", self.seen)
        os.close(self.master)
        os.close(self.slave)

    def read_some(self, seconds):
        """Takes what is printed within the time; True when there was something."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.seen += os.read(self.master, 65536)
        return True

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
        os.write(self.master, keys)

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

    def terminal_is_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def expect_restored(self, seconds=5):
        """The terminal is as it was. A killed command's guardian needs a moment."""
        end = time.monotonic() + seconds
        while not self.terminal_is_restored():
            if time.monotonic() > end:
                self.fail("the terminal was left in another state")
            time.sleep(0.02)

    def fail(self, reason):
        tail = self.seen[-800:].decode("utf-8", "replace")
        raise Failure(f"{reason}\n      {tail}")
