"""`devices --map`: who hears whom on a radio network, as a table and as a picture (SVG)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from hubagent.cli.output import show_table

_RING: Final = 150
_NODE_RADIUS: Final = 9
_MARGIN: Final = 110
_COLOURS: Final = {"coordinator": "#b3261e", "router": "#1f6feb", "end_device": "#6e7781"}
_STRONG, _FAIR = 170, 85
"""Link qualities, 0-255, from which a line is drawn as strong or fair."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two neighbours, by address; the better of both directions where both were told."""

    one: int
    other: int
    lqi: int | None


def links_of(view: Mapping[str, Any]) -> list[Link]:
    """Each pair once."""
    best: dict[tuple[int, int], int | None] = {}
    for link in view["links"]:
        pair = (min(link["from"], link["to"]), max(link["from"], link["to"]))
        known, lqi = best.get(pair), link.get("lqi")
        best[pair] = lqi if known is None else max(known, lqi or 0)
    return [Link(one, other, lqi) for (one, other), lqi in sorted(best.items())]


def show_topology(view: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """One line for each node, with whom it hears."""
    called = _labels(view, names)
    heard: dict[int, list[str]] = {}
    for link in links_of(view):
        quality = "" if link.lqi is None else f" ({link.lqi})"
        heard.setdefault(link.one, []).append(f"{called[link.other]}{quality}")
        heard.setdefault(link.other, []).append(f"{called[link.one]}{quality}")
    rows = [
        (called[node["address"]], node["role"], str(node["address"]), ", ".join(heard.get(node["address"], ["nobody"])))
        for node in view["nodes"]
    ]
    show_table(("NAME", "ROLE", "ADDRESS", "HEARS (LINK QUALITY 0-255)"), rows)


def topology_svg(view: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The stick in the middle, around it who is one hop away, then two, and so on; outermost who hears nobody."""
    links = links_of(view)
    places = _places(view["nodes"], links)
    reach = max((max(abs(x), abs(y)) for x, y in places.values()), default=0.0) + _MARGIN
    called = _labels(view, names)
    lines = [_line(link, places) for link in links]
    circles = [_circle(node, places[node["address"]], called[node["address"]]) for node in view["nodes"]]
    box = f"{-reach:.0f} {-reach:.0f} {2 * reach:.0f} {2 * reach:.0f}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="12">'
    paper = f'<rect x="{-reach:.0f}" y="{-reach:.0f}" width="100%" height="100%" fill="#ffffff"/>'
    return "\n".join((head, paper, *lines, *circles, "</svg>", ""))


def _labels(view: Mapping[str, Any], names: Mapping[str, str]) -> dict[int, str]:
    nodes = view["nodes"]
    known = {node["address"]: names.get(node["id"], node["id"]) or node["role"] for node in nodes}
    ends = {end for link in view["links"] for end in (link["from"], link["to"])}
    return known | {address: f"unknown ({address})" for address in sorted(ends - known.keys())}


def _places(nodes: Sequence[Mapping[str, Any]], links: Sequence[Link]) -> dict[int, tuple[float, float]]:
    hops = _hops(nodes, links)
    farthest = max(hops.values(), default=0)
    rings: dict[int, list[int]] = {}
    for node in nodes:
        rings.setdefault(hops.get(node["address"], farthest + 1), []).append(node["address"])
    places: dict[int, tuple[float, float]] = {}
    radius = 0.0
    for hop in sorted(rings):
        # As wide as its nodes need, so that their names do not lie on one another.
        radius = 0.0 if hop == 0 else max(radius + _RING, len(rings[hop]) * 6 * _NODE_RADIUS / math.tau)
        for index, address in enumerate(rings[hop]):
            angle = math.tau * index / len(rings[hop]) - math.tau / 4
            places[address] = (radius * math.cos(angle), radius * math.sin(angle))
    return places


def _hops(nodes: Sequence[Mapping[str, Any]], links: Sequence[Link]) -> dict[int, int]:
    """By address, how far it is from the stick."""
    near: dict[int, list[int]] = {}
    for link in links:
        near.setdefault(link.one, []).append(link.other)
        near.setdefault(link.other, []).append(link.one)
    hops = {node["address"]: 0 for node in nodes if node["role"] == "coordinator"}
    edge = list(hops)
    while edge:
        reached = [other for address in edge for other in near.get(address, ()) if other not in hops]
        for address in reached:
            hops.setdefault(address, hops[edge[0]] + 1)
        edge = list(dict.fromkeys(reached))
    return hops


def _line(link: Link, places: Mapping[int, tuple[float, float]]) -> str:
    if link.one not in places or link.other not in places:
        return ""
    (x1, y1), (x2, y2) = places[link.one], places[link.other]
    lqi = 0 if link.lqi is None else link.lqi
    width, dash = (2.0, "") if lqi >= _STRONG else (1.5, "") if lqi >= _FAIR else (1.0, ' stroke-dasharray="4 3"')
    title = "" if link.lqi is None else f"<title>link quality {link.lqi}</title>"
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#8c959f" '
        f'stroke-width="{width}"{dash}>{title}</line>'
    )


def _circle(node: Mapping[str, Any], place: tuple[float, float], label: str) -> str:
    x, y = place
    colour = _COLOURS.get(node["role"], _COLOURS["end_device"])
    return (
        f'<g><circle cx="{x:.1f}" cy="{y:.1f}" r="{_NODE_RADIUS}" fill="{colour}"/>'
        f'<text x="{x:.1f}" y="{y + 2.6 * _NODE_RADIUS:.1f}" text-anchor="middle">{escape(label)}</text>'
        f"<title>{escape(label)}: {escape(node['role'])}, address {node['address']}</title></g>"
    )
