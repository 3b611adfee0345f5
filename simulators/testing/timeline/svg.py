"""The picture: rows on a scale, as SVG that needs nothing but a font."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from simulators.testing.timeline.drawing import drawn, sign, title
from simulators.testing.timeline.look import (
    BOTTOM,
    GROUP,
    LEFT,
    LEGEND_DOTS,
    LEGEND_LINES,
    LETTER,
    RIGHT,
    ROW,
    STYLE,
    TOP,
)
from simulators.testing.timeline.marks import Dot, Row, Shade
from simulators.testing.timeline.scale import Scale
from simulators.testing.timeline.xml_text import xml_text

_GAP_LABEL = 30.0
_EDGE = 24.0
_NAME_MAX = 34
_MARGIN = 16.0
# How wide a letter is at most, on average.
_SHOUT = 7.2
_TITLE = 11.0


@dataclass(frozen=True, slots=True)
class Heading:
    title: str
    sub: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Content:
    heading: Heading
    scale: Scale
    clock: Callable[[float], str]
    """How a moment is named at the axis."""
    rows: Sequence[Row]
    shades: Sequence[Shade]
    crosses: Sequence[Dot]
    """Moments that go through all rows."""


def svg(content: Content) -> str:
    return "\n".join(_Picture(content).all()) + "\n"


class _Picture:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._placed: list[tuple[Row, float]] = []
        self._groups: list[tuple[str, float]] = []
        y, group = TOP, ""
        for row in content.rows:
            if row.group != group:
                group = row.group
                self._groups.append((group, y))
                y += GROUP
            self._placed.append((row, y))
            y += ROW
        self._bottom = y + 6
        self._width = LEFT + content.scale.width + RIGHT
        self._height = self._bottom + BOTTOM

    def all(self) -> Iterator[str]:
        size = f'width="{self._width:.0f}" height="{self._height:.0f}"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {self._width:.0f} {self._height:.0f}">'
        yield f"<style>{STYLE}</style>"
        yield f'<rect class="paper" {size}/>'
        yield from self._under()
        for row, y in self._placed:
            yield from self._row(row, y)
        for cross in self._content.crosses:
            yield from self._cross(cross)
        yield from self._head()
        yield '<g class="stays">'
        yield from self._legend()
        yield "</g>"
        yield "</svg>"

    def _x(self, at: float) -> float:
        return LEFT + self._content.scale.x(at)

    # --- what lies under the rows

    def _under(self) -> Iterator[str]:
        yield '<g class="under-all">'
        for number, (_, y) in enumerate(self._placed):
            if number % 2 == 0:
                yield f'<rect class="stripe" x="0" y="{y:.1f}" width="{self._width:.0f}" height="{ROW:.0f}"/>'
        tall = self._bottom - TOP + 6
        for gap in self._content.scale.gaps():
            x, wide = LEFT + gap.begin_x, gap.end_x - gap.begin_x
            place = f'y="{TOP - 6:.1f}" width="{max(wide - 4, 0):.1f}" height="{tall:.1f}"'
            yield f'<rect class="silent" x="{x + 2:.1f}" {place}/>'
            if wide >= _GAP_LABEL:
                text = _about(gap.seconds)
                yield f'<text class="gap" x="{x + wide / 2:.1f}" y="{TOP - 12:.1f}" text-anchor="middle">{text}</text>'
        yield from self._axis()
        for shade in self._content.shades:
            x, end = self._x(shade.begin), self._x(shade.end)
            place = f'y="{TOP - 6:.1f}" width="{max(end - x, 1):.1f}" height="{tall:.1f}"'
            yield f'<rect class="shade" x="{x:.1f}" {place}>{title(shade.tip)}</rect>'
            for edge in (x, end):
                yield self._upright("edge", edge, TOP - 6)
        yield "</g>"

    def _axis(self) -> Iterator[str]:
        free = 0.0
        width = self._content.scale.width
        for tick in self._content.scale.ticks():
            x = LEFT + tick.x
            yield self._upright("line", x, TOP - 22)
            anchor = "start" if tick.x < _EDGE else "end" if tick.x > width - _EDGE else "middle"
            name = xml_text(self._content.clock(tick.at))
            wide = len(name) * LETTER
            if x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor] >= free:
                free = x + {"start": wide, "middle": wide / 2, "end": 0.0}[anchor] + LETTER
                yield f'<text class="tick" x="{x:.1f}" y="{TOP - 27:.1f}" text-anchor="{anchor}">{name}</text>'

    # --- the rows

    def _row(self, row: Row, y: float) -> Iterator[str]:
        yield f'<g class="row" data-name="{xml_text(f"{row.group} {row.label}".strip())}">'
        for mark in row.marks:
            yield from drawn(mark, self._x, y)
        yield "</g>"

    def _cross(self, cross: Dot) -> Iterator[str]:
        x = self._x(cross.at)
        yield self._upright("cross", x, TOP - 6, cross.tip)
        text = cross.tip.partition("  ")[2]
        # Where there is room: mostly it is the last thing that happened.
        anchor, at = ("end", x - 5) if x > LEFT + self._content.scale.width / 2 else ("start", x + 5)
        place = f'x="{at:.1f}" y="{self._bottom + 13:.1f}" text-anchor="{anchor}"'
        room = (at if anchor == "end" else self._width - at) - _MARGIN
        yield f'<text class="shout" {place}>{xml_text(_fitting(text, room / _SHOUT))}{title(text)}</text>'

    def _upright(self, style: str, x: float, top: float, tip: str = "") -> str:
        place = f'x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{self._bottom:.1f}"'
        return f'<line class="{style}" {place}>{title(tip)}</line>'

    def _head(self) -> Iterator[str]:
        """With the names of the rows; a page keeps all of it in sight."""
        heading = self._content.heading
        tall = self._bottom - TOP + 42
        yield f'<g class="stays"><rect class="paper" y="{TOP - 42:.1f}" width="{LEFT - 6:.1f}" height="{tall:.1f}"/>'
        for group, y in self._groups:
            yield f'<text class="group" x="16" y="{y + GROUP - 7:.1f}">{xml_text(group)}</text>'
        for row, y in self._placed:
            name = _fitting(row.label, _NAME_MAX)
            place = f'x="{LEFT - 14:.1f}" y="{y + ROW / 2 + 4:.1f}" text-anchor="end"'
            yield f'<text class="name" {place}>{xml_text(name)}{title(row.label)}</text>'
        style, word = ("expected", "passed") if heading.passed else ("failed", "failed")
        name = _fitting(heading.title, (self._width - 2 * _MARGIN) / _TITLE)
        yield f'<text class="title" x="16" y="30">{xml_text(name)}{title(heading.title)}</text>'
        yield sign(style, 22, 48)
        yield f'<text class="sub" x="34" y="52">{word} · {xml_text(heading.sub)}</text>'
        yield "</g>"

    def _legend(self) -> Iterator[str]:
        y = self._bottom + 36
        x = 16.0
        for style, text in LEGEND_DOTS:
            yield sign(style, x + 6, y)
            yield f'<text class="number" x="{x + 16:.1f}" y="{y + 3.5:.1f}">{xml_text(text)}</text>'
            x += 34 + len(text) * (LETTER - 0.8)
        x, y = 16.0, y + 22
        for style, text in LEGEND_LINES:
            yield f'<line class="thin {style}" x1="{x:.1f}" x2="{x + 22:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="number" x="{x + 28:.1f}" y="{y + 3.5:.1f}">{xml_text(text)}</text>'
            x += 48 + len(text) * (LETTER - 0.8)
        text = "grey: nothing happened; the axis is as wide as there is to be seen"
        yield f'<text class="number" x="{x:.1f}" y="{y + 3.5:.1f}">{text}</text>' if self._content.scale.gaps() else ""


def _fitting(text: str, letters: float) -> str:
    """What is longer than there is room is cut off where one can see it; the whole of it is the tip."""
    return text if len(text) <= letters else f"{text[: int(letters) - 1]}…"


def _about(seconds: float) -> str:
    """As exact as a person says it."""
    for unit, name in ((86_400.0, "d"), (3600.0, "h"), (60.0, "m")):
        if seconds >= unit:
            return f"{seconds / unit:.1f}".removesuffix(".0") + name
    return f"{seconds:.1f}".removesuffix(".0") + "s"
