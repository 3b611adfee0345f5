"""Rules that never run in a home: they name a device that it does not have, or want of one what it has not.

The agent says so in its log and waits, since a device may come, or learn. Those of a simulated home are all written
down, and have said what they can do.
"""

from collections.abc import Iterable, Iterator

from hubagent.rules.executor.registry import Unbound
from hubagent.rules.names import is_of
from hubagent.toml_lines import did_you_mean


def never_running(unbound: Iterable[Unbound], devices: Iterable[str]) -> Iterator[str]:
    """For each such rule its place, its name and what is wrong. `devices` are all that there are, joined or not."""
    there = [*devices]
    for one in unbound:
        nobody, what = one.problem.device, str(one.problem)
        if nobody is not None:
            if any(is_of(nobody, device) for device in there):
                # It is there, and not paired yet.
                continue
            what = f"there is no device {nobody!r}{did_you_mean(nobody, there)}"
        yield f"{one.problem.place}: rule {one.rule.name!r} never runs in this home: {what}"
