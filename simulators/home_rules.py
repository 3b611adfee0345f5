"""Rules that never run in a home: they name a device that it does not have, or want of one what it has not.

The agent says so in its log and waits, since a device may come, or learn. Those of a simulated home are all written
down, and have said what they can do.
"""

from collections.abc import Iterable, Iterator

from hubagent.idle_rules import who_is_missing
from hubagent.rules.executor.registry import Unbound
from hubagent.toml_lines import did_you_mean


def is_of(name: str, device: str) -> bool:
    """Whether a rule's word speaks of a device, or of something of it."""
    return name == device or name.startswith(f"{device}.")


def never_running(unbound: Iterable[Unbound], devices: Iterable[str]) -> Iterator[str]:
    """For each such rule its place, its name and what is wrong. `devices` are all that there are, joined or not."""
    folded = [device.casefold() for device in devices]
    for one in unbound:
        what = str(one.problem)
        nobody = who_is_missing(what)
        if nobody is not None:
            if any(is_of(nobody.casefold(), device) for device in folded):
                # It is there, and not paired yet.
                continue
            what = f"there is no device {nobody!r}{did_you_mean(nobody, folded)}"
        yield f"{one.problem.place}: rule {one.rule.name!r} never runs in this home: {what}"
