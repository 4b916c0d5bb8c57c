"""The child process of `workshop`: reads orders from its standard input until that closes. Started with `python -m`."""

import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from typing import BinaryIO

from app.letters import inspect, render
from app.letters.frames import read_frame, write_frame

Work = Callable[[Mapping[str, object], bytes], tuple[dict[str, object], bytes]]
# What a child does, and what it loads beforehand: loading a heavy library is not the order's fault.
_TASKS: dict[str, tuple[Work, Callable[[], None]]] = {
    "render": (render.work, render.warm_up),
    "inspect": (inspect.work, inspect.warm_up),
}
# Neither layout nor parsing needs any of these; a library that tries is stopped.
_FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "subprocess.Popen",
    "os.exec",
    "os.system",
)


def main(task: str, memory_bytes: int, cpu_seconds: int) -> None:
    """Serve orders of one task, each within the limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    answers = _private_output()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    sys.addaudithook(_refuse)
    work, warm_up = _TASKS[task]
    try:
        warm_up()
    except Exception:  # noqa: S110 - what is missing is named by the first order, whose answer somebody reads
        pass
    while (message := read_frame(sys.stdin.buffer)) is not None:
        _allow_cpu(cpu_seconds)
        answer, data, is_spent = _attempt(work, *message)
        write_frame(answers, {**answer, "is_spent": is_spent}, data)
        if is_spent:
            return


def _attempt(work: Work, order: Mapping[str, object], body: bytes) -> tuple[dict[str, object], bytes, bool]:
    try:
        return *work(order, body), False
    except MemoryError:
        return {"error": "It took more memory than it may and was stopped.", "limit": True}, b"", True
    except RecursionError:
        return {"error": "Its parts are nested too deeply.", "limit": True}, b"", True
    except Exception as error:  # whatever a library raises on strange input is an answer, not an end
        return {"error": f"{type(error).__name__}: {error}"[:500]}, b"", False


def _private_output() -> BinaryIO:
    """Answers get their own descriptor, so that a library that prints cannot spoil them."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _allow_cpu(seconds: int) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _refuse(event: str, _arguments: object) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} is not allowed here")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
