"""How results look: JSON for programs, aligned columns for people; colour only on a terminal that wants it."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any, TextIO

from hubagent.cli.exits import FAILED, Failure

_COLOURS = {"red": "31", "green": "32", "yellow": "33", "dim": "2", "bold": "1"}


def show_json(value: Any) -> None:
    """One object on one line of stdout, at once."""
    text = json.dumps(value, ensure_ascii=False)
    show(text if sys.stdout is None or _spelt(text, sys.stdout) == text else json.dumps(value))


def show(text: str) -> None:
    """A line of data for people."""
    _write_line(sys.stdout, text)


def tell(text: str) -> None:
    """A line about what goes on; stderr."""
    _write_line(sys.stderr, text)


def _write_line(stream: TextIO | None, text: str) -> None:
    # Python has no stream where the shell closed it (`>&-`): whoever does that wants no words.
    if stream is None:
        return
    try:
        stream.write(_spelt(text, stream) + "\n")
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(stream, error) from error


def unwritable(stream: TextIO, error: OSError) -> Failure:
    """What is said where `stream` takes nothing any more; it is given up."""
    # Python would complain again when it flushes the stream at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return Failure(f"the output cannot be written: {(error.strerror or str(error)).lower()}", FAILED)


def _spelt(text: str, stream: TextIO) -> str:
    """As the stream can say it: what a terminal's alphabet lacks is named by its number, and ends no command."""
    alphabet = stream.encoding or "utf-8"
    return text.encode(alphabet, "backslashreplace").decode(alphabet)


def show_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    show(coloured("  ".join(cell.ljust(width) for cell, width in zip(head, widths, strict=True)).rstrip(), "bold"))
    for row in rows:
        show("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def coloured(text: str, colour: str, stream: IO[str] | None = None) -> str:
    stream = stream or sys.stdout
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or stream is None or not stream.isatty():
        return text
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def value_text(value: Any) -> str:
    """As it is typed: true, 40, 21.5, heat; unknown where it is."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def state_text(capabilities: Mapping[str, Mapping[str, Any]]) -> str:
    return " ".join(
        f"{name}={value_text(value)}" for attributes in capabilities.values() for name, value in attributes.items()
    )
