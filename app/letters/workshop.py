"""Hard work on untrusted input, done by a warm child process within limits of time and memory.

Laying out a page or parsing a PDF can burn minutes or gigabytes on purpose-made input, so neither happens in the process that
serves people. A child is kept for the next order while it behaves, and replaced when it does not.
"""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.letters.errors import LetterError, LimitReached
from app.letters.frames import read_frame, write_frame

_PROJECT = Path(__file__).resolve().parents[2]
# The child learns nothing that it does not need: no key, no database address.
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "XDG_CACHE_HOME", "TMPDIR")
_ORDERS_PER_CHILD = 200


@dataclass(frozen=True)
class Limits:
    """What one order may cost: seconds of processor, bytes of address space, seconds of waiting."""

    cpu_seconds: int = 10
    memory_bytes: int = 1024**3
    wall_seconds: float = 60.0


class _TooMuchComputing(LimitReached):
    """The order used up its seconds of processor, as the machine counts them."""


class Workshop:
    """Hands orders of one kind to child processes, at most `at_once` at a time."""

    def __init__(self, task: str, limits: Limits, at_once: int = 1) -> None:
        self._task = task
        self._limits = limits
        self._at_once = at_once
        self._idle: list[_Child] = []
        self._start_afresh()
        # A forked server process must not talk to its parent's children.
        os.register_at_fork(after_in_child=self._start_afresh)
        atexit.register(self.close)

    def do(self, order: Mapping[str, object], body: bytes = b"") -> tuple[dict[str, object], bytes]:
        """The child's answer to one order.

        Raises:
            LimitReached: it took too long, too much memory or twice too much computing, or all hands were busy for too long.
            LetterError: the child answered with an error, or ended without an answer.
        """
        if not self._hands.acquire(timeout=self._limits.wall_seconds):
            raise LimitReached("Too many documents are being worked on; try again in a minute.")
        ends = time.monotonic() + self._limits.wall_seconds
        try:
            child = self._take()
            try:
                answer, data = child.do(order, body, ends)
            except _TooMuchComputing:
                # A virtual machine that is held for a while (a snapshot, a move) books the while as its programs' computing.
                child = _Child(self._task, self._limits)
                answer, data = child.do(order, body, ends)
            if answer.pop("is_spent", False):
                child.end()
            else:
                with self._lock:
                    self._idle.append(child)
        finally:
            self._hands.release()
        if "error" in answer:
            raise _error_from(answer)
        return answer, data

    def close(self) -> None:
        """End the children that wait."""
        with self._lock:
            idle, self._idle = list(self._idle), []
        for child in idle:
            child.end()

    def _take(self) -> "_Child":
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_usable:
                    return child
                child.end()
        return _Child(self._task, self._limits)

    def _start_afresh(self) -> None:
        self._hands = threading.BoundedSemaphore(self._at_once)
        self._lock = threading.Lock()
        self._idle = []


class _Child:
    """One child process and the orders it has served."""

    def __init__(self, task: str, limits: Limits) -> None:
        self._limits = limits
        self._orders = 0
        self._timed_out = False
        kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.letters.child", task, str(limits.memory_bytes), str(limits.cpu_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_PROJECT,
            env={**kept, "TZ": "UTC", "PYTHONUTF8": "1"},
        )

    @property
    def is_usable(self) -> bool:
        return self._process.poll() is None and self._orders < _ORDERS_PER_CHILD

    def do(self, order: Mapping[str, object], body: bytes, ends: float) -> tuple[dict[str, object], bytes]:
        self._orders += 1
        alarm = threading.Timer(max(ends - time.monotonic(), 0), self._give_up)
        alarm.daemon = True
        alarm.start()
        try:
            answer = self._converse(order, body)
        finally:
            alarm.cancel()
        if answer is None:
            raise self._why_it_ended()
        return answer

    def end(self) -> None:
        """Close the pipes, on which the child ends by itself; insist if it does not."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass  # the child went first
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _converse(self, order: Mapping[str, object], body: bytes) -> tuple[dict[str, object], bytes] | None:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return None
        try:
            write_frame(stdin, order, body)
            return read_frame(stdout)
        except (OSError, ValueError):
            return None

    def _give_up(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _why_it_ended(self) -> LetterError:
        self.end()
        code = self._process.returncode
        if self._timed_out:
            return LimitReached(f"It took longer than {self._limits.wall_seconds:.0f} seconds and was stopped.")
        if code == -signal.SIGXCPU:
            seconds = self._limits.cpu_seconds
            return _TooMuchComputing(f"It took more than {seconds} seconds of computing and was stopped.")
        if code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL, -signal.SIGBUS):
            return LimitReached("It took more memory than it may and was stopped.")
        return LetterError(f"The process that makes documents ended without an answer (code {code}); see flask doctor.")


def _error_from(answer: Mapping[str, object]) -> LetterError:
    reason = str(answer.get("error"))
    return LimitReached(reason) if answer.get("limit") else LetterError(reason)
