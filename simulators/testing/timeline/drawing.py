"""Each kind of mark as SVG, in a row that begins at `y`."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from simulators.testing.timeline.look import BAND, DARK_TEXT, LETTER, NARROWEST, ROW, SIGNS
from simulators.testing.timeline.marks import Band, Curve, Dot, Mark, Thin
from simulators.testing.timeline.xml_text import xml_text

X = Callable[[float], float]
"""Where a moment is."""


def drawn(mark: Mark, x: X, y: float) -> Iterator[str]:
    match mark:
        case Band():
            yield from _band(mark, x, y)
        case Thin():
            yield from _thin(mark, x, y)
        case Curve():
            yield from _curve(mark, x, y)
        case Dot():
            yield sign(mark.style, x(mark.at), y + ROW / 2, mark.tip)


def sign(style: str, x: float, y: float, tip: str = "") -> str:
    return f'<path class="{style}" d="{SIGNS[style]}" transform="translate({x:.1f} {y:.1f})">{title(tip)}</path>'


def title(tip: str) -> str:
    return f"<title>{xml_text(tip)}</title>" if tip else ""


def _band(band: Band, x: X, y: float) -> Iterator[str]:
    begin, end = x(band.begin), x(band.end)
    wide = max(end - begin, NARROWEST)
    yield (
        f'<rect class="{band.style}" x="{begin:.1f}" y="{y + (ROW - BAND) / 2 - 1:.1f}" width="{wide:.1f}" '
        f'height="{BAND:.0f}" rx="{min(3.0, wide / 3):.1f}">{title(band.tip)}</rect>'
    )
    text = _fitting(band.text, wide)
    if text:
        dark = " dark" if band.style in DARK_TEXT else ""
        yield f'<text class="in{dark}" x="{begin + 9:.1f}" y="{y + ROW / 2 + 3:.1f}">{xml_text(text)}</text>'


def _fitting(text: str, wide: float) -> str:
    """As much of it as there is room for; nothing rather than a letter or two."""
    letters = int((wide - 13) / LETTER)
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1]}…" if letters >= 5 else ""


def _thin(thin: Thin, x: X, y: float) -> Iterator[str]:
    begin, end = x(thin.begin), x(thin.end)
    below = y + ROW - (1.6 if thin.style.startswith("cloud") else 4.4)
    yield (
        f'<line class="thin {thin.style}" x1="{begin:.1f}" x2="{max(end, begin + NARROWEST):.1f}" '
        f'y1="{below:.1f}" y2="{below:.1f}">{title(thin.tip)}</line>'
    )


def _curve(curve: Curve, x: X, y: float) -> Iterator[str]:
    span = curve.high - curve.low
    top, bottom = y + 3, y + ROW - 3

    def height(value: float) -> float:
        return bottom - (bottom - top) * (0.5 if span == 0 else (value - curve.low) / span)

    places: list[tuple[float, float]] = []
    for at, value in curve.points:
        if places and not curve.moves:
            places.append((x(at), places[-1][1]))
        places.append((x(at), height(value)))
    path = " ".join(f"{'L' if number else 'M'}{px:.1f},{py:.1f}" for number, (px, py) in enumerate(places))
    if curve.moves:
        yield f'<path class="under" d="{path} L{places[-1][0]:.1f},{bottom:.1f} L{places[0][0]:.1f},{bottom:.1f} Z"/>'
    yield f'<path class="curve" d="{path}">{title(curve.tip)}</path>'
    yield from _numbers(curve, x, height)


def _numbers(curve: Curve, x: X, height: Callable[[float], float]) -> Iterator[str]:
    """Where it came to a value and stayed, as far as there is room."""
    free = float("-inf")
    for (at, value), (following, after) in pairwise(curve.points):
        text = f"{value:g}{'%' if curve.unit == '%' else ''}"
        place = x(at) + 3
        wide = len(text) * 5.6 + 4
        if value == after and place >= free and x(following) - x(at) >= wide + 4 and value != curve.low:
            free = place + wide
            yield f'<text class="number" x="{place:.1f}" y="{height(value) + 9:.1f}">{text}</text>'
