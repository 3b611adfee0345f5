"""The picture as a page: with tips, a filter, and everything that happened in a list. It asks nobody for anything."""

from collections.abc import Sequence
from importlib import resources
from string import Template
from typing import Final

from simulators.testing.record import Happening
from simulators.testing.timeline.xml_text import xml_text

LINES_MAX: Final = 3000


def page(title: str, reproduce: str, svg: str, happenings: Sequence[Happening], clock: Sequence[str]) -> str:
    """`clock` has a time for each happening."""
    template = Template((resources.files("simulators") / "testing" / "timeline" / "page.html").read_text("utf-8"))
    told = list(zip(happenings, clock, strict=True))[-LINES_MAX:]
    left_out = len(happenings) - len(told)
    return template.substitute(
        title=xml_text(title),
        reproduce=xml_text(reproduce),
        svg=svg,
        caption=xml_text(f"What happened{f', the last {LINES_MAX} of {len(happenings)}' if left_out else ''}"),
        happenings="\n".join(
            f'<tr class="{it.kind.value}"><td>{xml_text(at)}</td><td>{xml_text(it.text)}</td></tr>' for it, at in told
        ),
    )
