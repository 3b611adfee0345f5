"""The table of planted bugs as people read it: in a terminal, and in CHAOS.md."""

from collections.abc import Iterator, Mapping, Sequence

from tests.seeds.planted.planted import Found, Planted

HEAD = ("bug", "found by", "in seed", "faults drawn", "faults left", "runs to shrink")


def row_of(planted: Planted, found: Found) -> tuple[str, ...]:
    numbers = (found.seed, found.faults, len(found.shrunk.faults), found.runs)
    return (planted.name, planted.check, *map(str, numbers))


def table_of(planted: Sequence[Planted], found: Mapping[str, Found]) -> Iterator[str]:
    """Lines of Markdown."""
    yield line_of(HEAD)
    yield "|---" * len(HEAD) + "|"
    for it in planted:
        yield line_of(row_of(it, found[it.name]) if it.name in found else (it.name, it.check, *"-" * 4))


def line_of(row: Sequence[str]) -> str:
    return f"| {' | '.join(row)} |"
