"""What rules did and why, for people who ask later: a bounded ring that outlives a restart.

What was set off and came to nothing because a condition did not hold is dull: it has a ring of its own, so that it
pushes nothing out. Texts are made only when somebody asks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hubagent.model.driver import Record
from hubagent.rules.executor.agenda import Dull

TELLING_MAX: Final = 4000
DULL_KEPT_MAX: Final = 300
_DULL: Final = "dull"

KINDS: Final[Mapping[str, str]] = {
    "fired": "was set off",
    "blocked": "did not run",
    "unknown": "did not run: not known",
    "condition": "did not run: its condition did not hold",
    "queued": "waits for its turn",
    "step": "said",
    "refused": "was not allowed",
    "again": "sent again",
    "scene": "scene",
    "lease": "keeps off",
    "loop": "was cut",
    "missed": "came too late",
    "broken": "is broken",
    "in doubt": "may have been done",
    "failed": "failed",
    "ended": "ended early",
    "sent": "sent",
    "answered": "was answered",
}
"""What a trace tells, by its kind."""


STEPS: Final[Mapping[str, float]] = {
    "level": 1.0,
    "position": 2.0,
    "tilt": 2.0,
    "hue": 5.0,
    "saturation": 2.0,
    "heating_setpoint": 0.3,
    "cooling_setpoint": 0.3,
}
"""How far from what it was told a device may be that followed: each rounds to steps of its own."""
_MIREDS: Final = 3.0
"""Likewise of a colour temperature, which lamps know as a million through it."""


def is_followed(wanted: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether a device that reports `values` is as it was told to be."""
    # The paler a colour is, the fewer hues a lamp knows.
    full = wanted.get("saturation", 100) / 100
    return all(_is_near(name, values.get(name), value, full) for name, value in wanted.items())


def _is_near(name: str, value: Any, wanted: Any, full: float) -> bool:
    if value == wanted:
        return True
    if not isinstance(value, int | float) or not isinstance(wanted, int | float) or isinstance(value, bool):
        return False
    if name == "color_temperature":
        return value > 0 and wanted > 0 and abs(1e6 / value - 1e6 / wanted) <= _MIREDS
    apart = abs(value - wanted)
    if name == "hue":
        apart = min(apart % 360, -apart % 360) * full
    # What is off is not a little on.
    return apart <= STEPS.get(name, 0.0) and (name != "level" or bool(value) is bool(wanted))


@dataclass(frozen=True, slots=True)
class Trace:
    number: int
    kind: str
    at: float
    """Unix seconds."""
    rule: str
    """Empty where a person did it."""
    run: int
    about: str
    detail: Any
    """What JSON can say."""
    cause: int

    def record(self) -> Record:
        return {
            "n": self.number,
            "kind": self.kind,
            "at": self.at,
            "rule": self.rule,
            "run": self.run,
            "about": self.about,
            "detail": self.detail,
            "cause": self.cause,
        }


class TraceRecords(Protocol):
    """Records that may be written late."""

    def load(self) -> dict[str, Record]: ...

    def put(self, key: str, record: Record) -> None: ...

    def touch(self, key: str, record: Callable[[str], Record]) -> None:
        """`record(key)` is asked for, and kept, within a second or so."""
        ...


class Traces:
    def __init__(self, records: TraceRecords, dull: Callable[[], Iterable[Dull]]) -> None:
        self._records = records
        self._dull_now = dull
        self._ring: list[Trace | None] = [None] * TELLING_MAX
        self._next = 0
        self._dull_before: list[tuple[float, str, str, Any]] = []
        self._listeners: list[Callable[[Trace], None]] = []
        self._restore()

    def listen(self, listener: Callable[[Trace], None]) -> None:
        """Call `listener` with every trace from now on."""
        self._listeners.append(listener)

    def add(self, kind: str, at: float, rule: str, run: int, about: str, detail: object, cause: int) -> None:
        trace = Trace(self._next, kind, at, rule, run, about, _plain(detail), cause)
        slot = self._next % TELLING_MAX
        self._ring[slot] = trace
        self._next += 1
        self._records.touch(str(slot), self._record)
        for listener in self._listeners:
            listener(trace)

    def _record(self, key: str) -> Record:
        trace = self._ring[int(key)]
        assert trace is not None, "only what is there is to be written"
        return trace.record()

    def keep_dull(self) -> None:
        """Write down what is dull, as far as it is worth that: now and then, and at the end."""
        dull = [list(one) for one in self._dull()][-DULL_KEPT_MAX:]
        if dull:
            self._records.put(_DULL, {"dull": dull})

    def of_rule(self, rule: str) -> list[Trace]:
        """The oldest first, what is dull among them."""
        dull = [
            Trace(
                -1, "condition", at, name, 0, about, value if isinstance(value, bool | int | float | str) else None, 0
            )
            for at, name, about, value in self._dull()
            if name == rule
        ]
        return sorted([*(trace for trace in self._all() if trace.rule == rule), *dull], key=lambda trace: trace.at)

    def latest(self, count: int) -> list[Trace]:
        """Of whatever rule, the oldest first; without what is dull."""
        return list(self._all())[-count:]

    def of_run(self, run: int) -> list[Trace]:
        return [trace for trace in self._all() if trace.run == run] if run else []

    def commands_to(self, device: str) -> list[Trace]:
        """What was sent to a device, the latest first."""
        return [trace for trace in reversed(list(self._all())) if trace.kind == "sent" and trace.about == device]

    def chain(self, run: int) -> list[list[Trace]]:
        """The traces of a run, and of the run whose command led to it, and so on; the first cause is last."""
        found: list[list[Trace]] = []
        seen: set[int] = set()
        while run and run not in seen:
            seen.add(run)
            traces = self.of_run(run)
            if not traces:
                break
            found.append(traces)
            run = next((trace.cause for trace in traces if trace.kind == "fired"), 0)
        return found

    def _all(self) -> Iterator[Trace]:
        """The oldest first."""
        for number in range(max(0, self._next - TELLING_MAX), self._next):
            trace = self._ring[number % TELLING_MAX]
            if trace is not None:
                yield trace

    def _dull(self) -> Iterator[tuple[float, str, str, Any]]:
        yield from self._dull_before
        yield from self._dull_now()

    def _restore(self) -> None:
        """What makes no sense is left out: it is only for reading."""
        for key, record in self._records.load().items():
            try:
                if key == _DULL:
                    self._dull_before = [
                        (float(at), str(rule), str(about), value) for at, rule, about, value in record["dull"]
                    ]
                    continue
                trace = Trace(
                    int(record["n"]),
                    str(record["kind"]),
                    float(record["at"]),
                    str(record["rule"]),
                    int(record["run"]),
                    str(record["about"]),
                    record["detail"],
                    int(record["cause"]),
                )
            except (KeyError, TypeError, ValueError):
                continue
            if trace.number >= 0:
                self._ring[trace.number % TELLING_MAX] = trace
                self._next = max(self._next, trace.number + 1)


def _plain(detail: object) -> Any:
    """As JSON can say it."""
    return detail if isinstance(detail, bool | int | float | str | dict) or detail is None else str(detail)
