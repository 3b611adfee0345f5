"""Lines of `hubagent watch --jsonl`, and what `hubagent devices --json` says: read as from a stranger."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from simulators.recording.format import UNIX_MAX

LINE_BYTES_MAX: Final = 1 << 16
_TEXTS: Final = ("device", "name", "attribute", "cause", "state")
TEXT_MAX: Final = 200


class BadView(ValueError):
    """A line that is none of watch's; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class View:
    """As much of one as a recording needs. Of a device, `name` is what people call it."""

    event: str
    t: float
    """Unix seconds."""
    device: str
    name: str
    attribute: str
    value: object
    cause: str
    state: str


def view_of(table: object) -> View:
    """Raises BadView."""
    if not isinstance(table, dict) or not isinstance(table.get("event"), str):
        raise BadView('that is no line of `hubagent watch --jsonl`: {"event": ..., "t": ..., "device": ...}')
    t = table.get("t")
    if isinstance(t, bool) or not isinstance(t, int | float) or not math.isfinite(t) or not 0 <= t <= UNIX_MAX:
        raise BadView(f"t is in Unix seconds, not {t!r}")
    texts = {name: table.get(name) for name in _TEXTS}
    for name, text in texts.items():
        if text is not None and (not isinstance(text, str) or len(text) > TEXT_MAX):
            raise BadView(f"{name} is a short text or null")
    device = texts["device"] or ""
    return View(
        event=table["event"],
        t=float(t),
        device=device,
        name=texts["name"] or device,
        attribute=texts["attribute"] or "",
        value=table.get("value"),
        cause=texts["cause"] or "",
        state=texts["state"] or "",
    )


def views_in(lines: IO[bytes]) -> Iterator[View]:
    """Raises BadView, with the number of the line."""
    number = 0
    while line := lines.readline(LINE_BYTES_MAX + 1):
        number += 1
        if len(line) > LINE_BYTES_MAX:
            raise BadView(f"line {number}: it has more than {LINE_BYTES_MAX} bytes")
        if not line.strip():
            continue
        try:
            table = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadView(f"line {number}: that is no JSON") from error
        try:
            yield view_of(table)
        except BadView as error:
            raise BadView(f"line {number}: {error}") from error


@dataclass(frozen=True, slots=True)
class Known:
    """A device, or a part of one, as the hub had it at the start."""

    device: str
    name: str
    attributes: Mapping[str, Any]
    """None where a device has such a function and said nothing of it yet."""


def devices_in(answer: Mapping[str, Any]) -> Iterator[Known]:
    """Of what `devices --json` says, with the parts of each."""
    for device in answer["devices"]:
        yield _known(device)
        for part in device.get("endpoints", {}).values():
            yield _known(part)


def _known(device: Mapping[str, Any]) -> Known:
    attributes = {name: value for said in device["capabilities"].values() for name, value in said.items()}
    return Known(device["id"], device["name"], attributes)
