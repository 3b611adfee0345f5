"""Every fault that a plan may have, by its name: those of the world, of the hub's host, and of its way to the cloud."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hubagent.toml_lines import did_you_mean
from simulators.chaos.host_faults import host_faults
from simulators.chaos.site_fault import SiteFault
from simulators.chaos.uplink_faults import uplink_faults
from simulators.fault_kind import FaultKind, Heal, Value
from simulators.site.site import Site
from simulators.world import CannotBe
from simulators.world_faults.table import WORLD_FAULTS

_OF_SITES: Final[Mapping[str, SiteFault]] = {kind.name: kind for kind in (*host_faults(), *uplink_faults())}
FAULTS: Final[Mapping[str, FaultKind[Any]]] = {
    **{name: kind for name, kind in WORLD_FAULTS.items() if kind.drawable},
    **_OF_SITES,
}
"""In the order in which a plan draws them."""
FORTY: Final = range(1, 41)


class NoSuchKind(ValueError):
    """A name that stands for no fault; says which there are."""


def names_of(words: Iterable[str]) -> tuple[str, ...]:
    """The names that are meant: each word is one, or a family of them (`air`), or the number of one of the forty.

    Raises NoSuchKind.
    """
    meant: set[str] = set()
    for word in words:
        if word.isdigit():
            found = [name for name, kind in FAULTS.items() if int(word) in kind.numbers]
        else:
            found = [name for name, kind in FAULTS.items() if word in (name, kind.family)]
        if not found:
            hint = did_you_mean(word, FAULTS)
            raise NoSuchKind(f"there is no fault {word!r}{hint}; `hubagent sim chaos --list` shows them all")
        meant.update(found)
    return tuple(name for name in FAULTS if name in meant)


def targets_in(site: Site) -> dict[str, Sequence[str]]:
    """What each fault can strike there; those that can strike nothing are left out."""
    found = {name: tuple(kind.targets(site if name in _OF_SITES else site.world)) for name, kind in FAULTS.items()}
    return {name: targets for name, targets in found.items() if targets}


def strike(site: Site, name: str, target: str, options: Mapping[str, Value]) -> Heal:
    """Begin; what it returns ends it. Raises CannotBe, CannotDo or BadOption, and then nothing was done."""
    kind = _OF_SITES.get(name)
    if kind is None:
        return site.world.strike(name, target, **options)
    if target not in kind.targets(site):
        raise CannotBe(f"{name} does not strike {target!r} here")
    return kind.strike(site, target, kind.complete(options))
