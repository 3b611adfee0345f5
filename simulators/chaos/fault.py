"""One planned fault: what strikes what, from when to when, and how; printed as one word of a command line.

air.loss@120-180:on=zigbee,rate=0.3
host.kill@300-310:on=hub,effect=4
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from simulators.action import parse_value
from simulators.fault_kind import Value

_WORD: Final = re.compile(r"(?P<name>[a-z0-9_.]+)@(?P<start>[0-9.]+)(?:-(?P<end>[0-9.]+))?(?::(?P<options>.*))?")
_ON: Final = "on"
"""The option of a word that is the target, and none of the kind's own."""
DIGITS: Final = 4
"""Of numbers that are drawn: so many are read and typed without a mistake."""


class BadFault(ValueError):
    """A word that is no fault; says how one is written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`number` is its place in the plan that it was drawn for; times are seconds after the home had settled."""

    name: str
    number: int
    start_s: float
    end_s: float
    target: str
    options: Mapping[str, Value] = field(default_factory=dict)
    """Those that are not as usual."""

    def __str__(self) -> str:
        until = "" if self.end_s == self.start_s else f"-{text_of(self.end_s)}"
        words = [f"{_ON}={self.target}", *(f"{name}={text_of(value)}" for name, value in self.options.items())]
        return f"{self.name}@{text_of(self.start_s)}{until}:{','.join(words)}"


def parse_fault(word: str, number: int) -> Fault:
    """Raises BadFault. Whether there is such a fault is not asked."""
    match = _WORD.fullmatch(word)
    if match is None:
        raise BadFault(f"{word!r} is no fault; one is written NAME@START-END:on=TARGET,OPTION=VALUE, all in seconds")
    try:
        start_s = float(match["start"])
        end_s = start_s if match["end"] is None else float(match["end"])
    except ValueError as error:
        raise BadFault(f"{word!r}: {match['start']}-{match['end']} are no times in seconds") from error
    if end_s < start_s:
        raise BadFault(f"{word!r} ends before it starts")
    options: dict[str, Value] = {}
    for part in filter(None, (match["options"] or "").split(",")):
        name, equals, value = part.partition("=")
        if not name or not equals or name in options:
            raise BadFault(f"{word!r}: {part!r} is no OPTION=VALUE, or stands there twice")
        options[name] = parse_value(value)
    target = str(options.pop(_ON, ""))
    if not target:
        raise BadFault(f"{word!r} does not say what it strikes: {_ON}=TARGET")
    return Fault(match["name"], number, start_s, end_s, target, options)


def rounded(value: Value) -> Value:
    """As it is printed, so that what is printed is the same fault."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    return value


def text_of(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
