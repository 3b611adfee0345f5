"""The Python that everything here runs on, where it is one on which homes went wrong."""

import platform
import sys
from typing import Any, Final

REMEDY: Final = "start it without: unset PYTHON_JIT, or PYTHON_JIT=0"
"""Python's documentation, "Command line and environment": PYTHON_JIT; and of `sys._jit`, from 3.14 on."""


def doubt() -> str | None:
    """What is wrong with the Python of this process; None where nothing is known.

    With the JIT of 3.15.0, seeds of `sim chaos` failed that are well on every Python without it, after a minute or more
    in one process: asynchronous generators were left unfinished, and one process died of a segmentation fault.
    """
    if not _jit_is_on():
        return None
    return f"Python {platform.python_version()} runs with its JIT, which is experimental; homes went wrong with it"


def _jit_is_on() -> bool:
    jit: Any = getattr(sys, "_jit", None)
    return jit is not None and bool(jit.is_enabled())
