"""How the product logs: one line of JSON per event, readable lines on a terminal, and never the values of variables.

A traceback with its variables would carry passwords, codes and what people wrote into a file that many may read.
"""

import sys
from typing import TextIO

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.typing import Processor


def init_logs(stream: TextIO | None = None) -> None:
    """Set up logging to a stream: standard error when there is none."""
    shown: list[Processor] = (
        [ConsoleRenderer(exception_formatter=plain_traceback)]
        if (stream or sys.stderr).isatty()
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *shown,
        ],
        logger_factory=lambda *_: structlog.PrintLogger(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
