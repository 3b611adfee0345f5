"""From what is written down of a run to the rows of its picture. What never changed, and nobody asked for, has none."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from hubagent.cli.output import value_text
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Kind as ValueKind
from hubagent.model.capability import Value
from hubagent.rules.duration import duration_text
from hubagent.rules.words import WORDS
from simulators.climate.plan import OUTSIDE
from simulators.testing.record import Attributes, Happening, Kind, Record, Series, Span
from simulators.testing.timeline.marks import Band, Curve, Dot, Mark, Row, Shade, Thin

ROWS_MAX: Final = 150
_DRIFTS: Final = frozenset(("temperature", "humidity", "illuminance", "power", "energy", "battery"))
"""Numbers that change by themselves: shown where somebody expected something of them."""
_MOVES: Final = frozenset(("level", "position"))
_LEFT_OUT: Final = frozenset(("moving", "buttons"))
_STYLES: Final = {
    "on": "light",
    "occupied": "motion",
    "open": "opening",
    "door_open": "opening",
    "locked": "lock",
    "leak": "alarm",
    "smoke": "alarm",
    "jammed": "alarm",
}
Clock = Callable[[float], str]


class Rows:
    """`clock` says when a moment was."""

    def __init__(self, record: Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock

    def all(self) -> list[Row]:
        parts = (self._people, self._hub_and_cloud, self._faults, self._devices, self._strangers, self._rules)
        return [self._test(), *(row for part in parts for row in part())][:ROWS_MAX]

    def shades(self) -> list[Shade]:
        return [
            Shade(span.begin, self._end(span), "fault", self._span_text(span))
            for span in self._record.spans
            if span.kind is Kind.FAULT
        ]

    def failures(self) -> list[Happening]:
        return [it for it in self._record.happenings if it.kind is Kind.FAILED]

    # --- who does what

    def _test(self) -> Row:
        styles = {Kind.EXPECTED: "expected", Kind.FAILED: "failed", Kind.HAND: "deed"}
        marks: list[Mark] = [
            Band(span.begin, self._end(span), f"expected: {span.name}", "waited", self._span_text(span))
            for span in self._record.spans
            if span.kind is Kind.FAILED
        ]
        marks += [
            Dot(it.at, styles[it.kind], self._at(it.at, it.text))
            for it in self._record.happenings
            if it.kind in styles and it.about not in self._record.residents
        ]
        return Row("", "the test", marks)

    def _people(self) -> Iterator[Row]:
        rooms: dict[Value, str] = {}
        for series in self._record.residents.values():
            for _, room in series:
                rooms.setdefault(room, OUTSIDE if room == OUTSIDE else f"room{sum(it != OUTSIDE for it in rooms) % 6}")
        for name, series in self._record.residents.items():
            if len(series.times) < 2 and not self._happened_about(name):
                continue
            marks: list[Mark] = [
                Band(begin, end, str(room), rooms[room], self._span(f"{name}: {room}", begin, end))
                for begin, end, room in self._pieces(series)
            ]
            deeds = [it for it in self._record.happenings if it.about == name and it.kind is Kind.HAND]
            marks += [Dot(it.at, "deed", self._at(it.at, it.text)) for it in deeds]
            yield Row("people", name, marks)

    def _happened_about(self, name: str) -> bool:
        return any(it.about == name for it in self._record.happenings)

    def _hub_and_cloud(self) -> Iterator[Row]:
        for kind, label in ((Kind.HUB, "hub"), (Kind.CLOUD, "cloud")):
            marks: list[Mark] = [
                Band(span.begin, self._end(span), "off", "off", self._span_text(span))
                for span in self._record.spans
                if span.kind is kind
            ]
            if marks or kind is Kind.HUB:
                yield Row("hub and cloud", label, marks)

    def _faults(self) -> Iterator[Row]:
        lanes: list[Row] = []
        free: list[float] = []
        for span in self._record.spans:
            if span.kind is not Kind.FAULT:
                continue
            band = Band(span.begin, self._end(span), f"{span.name} {span.about}", "fault", self._span_text(span))
            lane = next((number for number, at in enumerate(free) if at <= span.begin), len(free))
            if lane == len(free):
                free.append(0.0)
                lanes.append(Row("faults", "" if lanes else "faults"))
            free[lane] = self._end(span)
            lanes[lane].marks.append(band)
        yield from lanes

    # --- the things

    def _devices(self) -> Iterator[Row]:
        places = self._record.places
        for device in sorted(self._record.truth, key=lambda it: (places.get(it, ""), it)):
            rows = [
                self._attribute(device, attribute, series)
                for attribute, series in self._record.truth[device].items()
                if self._is_shown(device, attribute, series)
            ]
            presses = self._dots(device, Kind.BUTTON, "press")
            if not rows and presses:
                rows = [Row(places.get(device, ""), device)]
            if rows:
                rows[0].marks += [*presses, *self._dots(device, Kind.COMMAND, "command", "sent to")]
            yield from rows

    def _strangers(self) -> Iterator[Row]:
        """Devices that the hub knows and nobody here can see: of drivers of other makers."""
        for device in sorted(self._record.hub):
            if any(known == device or known.startswith(f"{device}/") for known in self._record.places):
                continue
            commands = self._dots(device, Kind.COMMAND, "command", "sent to")
            for attribute, series in self._record.hub[device].items():
                if len(series.times) > 1 and attribute in ATTRIBUTES:
                    row = Row("as the hub believes", f"{device}.{attribute}")
                    if ATTRIBUTES[attribute][1].kind is ValueKind.NUMBER:
                        row.marks.append(self._curve(row.label, attribute, series))
                    else:
                        row.marks += self._bands(row.label, attribute, series)
                    row.marks += commands
                    commands = []
                    yield row

    def _is_shown(self, device: str, attribute: str, series: Series) -> bool:
        if (device, attribute) in self._record.mentioned:
            return True
        if attribute in _DRIFTS or attribute in _LEFT_OUT:
            return False
        return len(series.times) > 1 or any(True for _ in self._differences(device, attribute, self._record.hub))

    def _attribute(self, device: str, attribute: str, series: Series) -> Row:
        row = Row(self._record.places.get(device, ""), f"{device}.{attribute}")
        if ATTRIBUTES[attribute][1].kind is ValueKind.NUMBER:
            row.marks.append(self._curve(row.label, attribute, series))
        else:
            row.marks += self._bands(row.label, attribute, series)
            row.marks += self._beliefs(device, attribute, self._record.hub, "hub")
            row.marks += self._beliefs(device, attribute, self._record.cloud, "cloud")
        return row

    def _bands(self, label: str, attribute: str, series: Series) -> Iterator[Band]:
        is_flag = ATTRIBUTES[attribute][1].kind is ValueKind.FLAG
        for begin, end, value in self._pieces(series):
            if value is None or (is_flag and value is not True):
                continue
            text = _word(attribute) if is_flag else value_text(value)
            tip = self._span(f"{label} = {value_text(value)}", begin, end)
            yield Band(begin, end, text, _STYLES.get(attribute, "word"), tip)

    def _curve(self, label: str, attribute: str, series: Series) -> Curve:
        known = [(at, float(value)) for at, value in series if isinstance(value, int | float)]
        unit = ATTRIBUTES[attribute][1].unit
        values = [value for _, value in known] or [0.0]
        low, high = (0.0, 100.0) if attribute in _MOVES else (min(values), max(values))
        tip = f"{label}: {values[0]:g} {unit} at first, {values[-1]:g} {unit} at last"
        points = [*known, (self._record.ended, values[-1])]
        return Curve(points, low, high, unit, attribute in _MOVES, tip)

    def _beliefs(self, device: str, attribute: str, of: dict[str, Attributes], who: str) -> Iterator[Thin]:
        for begin, end, value in self._differences(device, attribute, of):
            tip = self._span(f"the {who} believes {device}.{attribute} = {value_text(value)}", begin, end)
            yield Thin(begin, end, who if value is not None else f"{who} unknown", tip)

    def _differences(
        self, device: str, attribute: str, of: dict[str, Attributes]
    ) -> Iterator[tuple[float, float, Value]]:
        """When somebody believed something else, and what."""
        truth = self._record.truth[device][attribute]
        belief = of.get(device, {}).get(attribute)
        if belief is None or ATTRIBUTES[attribute][1].kind is ValueKind.NUMBER:
            return
        moments = sorted({*truth.times, *belief.times, self._record.ended})
        for begin, end in pairwise(moments):
            believed = belief.at(begin)
            # While the hub is off it believes nothing, which its own row says.
            if believed != truth.at(begin) and (believed is not None or not self._is_off(begin)):
                yield begin, end, believed

    def _is_off(self, moment: float) -> bool:
        return any(it.kind is Kind.HUB and it.begin <= moment < self._end(it) for it in self._record.spans)

    def _dots(self, about: str, kind: Kind, style: str, start: str = "") -> list[Dot]:
        return [
            Dot(it.at, style, self._at(it.at, it.text))
            for it in self._record.happenings
            if it.kind is kind and it.about == about and it.text.startswith(start)
        ]

    # --- the rules

    def _rules(self) -> Iterator[Row]:
        rows: dict[str, Row] = {}
        for it in self._record.happenings:
            if it.kind in (Kind.RULE, Kind.NOTICE) and it.about:
                row = rows.setdefault(it.about, Row("rules", it.about))
                style = "notice" if it.kind is Kind.NOTICE else "fired" if "was set off by" in it.text else "rule"
                row.marks.append(Dot(it.at, style, self._at(it.at, it.text)))
        yield from rows.values()

    # --- words

    def _pieces(self, series: Series) -> Iterator[tuple[float, float, Value]]:
        """From when to when it was what."""
        ends = [*series.times[1:], self._record.ended]
        for begin, end, value in zip(series.times, ends, series.values, strict=True):
            yield begin, max(begin, end), value

    def _end(self, span: Span) -> float:
        return self._record.ended if span.end is None else span.end

    def _span_text(self, span: Span) -> str:
        return self._span(f"{span.name} {span.about}".strip(), span.begin, self._end(span))

    def _span(self, text: str, begin: float, end: float) -> str:
        return f"{text}\n{self._clock(begin)} to {self._clock(end)} ({duration_text(end - begin)})"

    def _at(self, at: float, text: str) -> str:
        return f"{self._clock(at)}  {text}"


def _word(attribute: str) -> str:
    """What people say where it is so."""
    return next((word for word, meanings in WORDS.items() if (attribute, True) in meanings), attribute)
