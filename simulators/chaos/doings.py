"""What people do to a home on top of living in it: hands on devices, wishes over the local API, commands by the cloud.

All of it is drawn before the run, each thing from a stream of its own, whatever goes wrong.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from hubagent.agent import Agent
from hubagent.uplink.message.fields import MalformedMessage
from hubagent.wishes import Wishes, WishRefused
from simulators.chaos.scenario import Scenario
from simulators.cloud.commands import TooManyCommands
from simulators.cloud.consumer import UnknownHub
from simulators.home import DevicePlan, HomePlan
from simulators.site.hub import HUB
from simulators.site.site import Site

_log = logging.getLogger(__name__)

EVERY_S: Final = 45.0
"""One thing or another, on average."""
SECOND_THOUGHTS_SHARE: Final = 0.4
"""Of the wishes."""
SECOND_THOUGHTS_S: Final = (0.01, 2.0)
"""Within this time."""
EXPIRES_IN_S: Final = (2.0, 30.0, 600.0)
"""For how long a command may be carried out; one of these."""
Draw = Callable[[Random], str]

_HANDS: Final[Mapping[str, tuple[Draw, ...]]] = {
    "switch": (lambda _: "press",),
    "dimmer": (lambda _: "press",),
    "plug": (lambda _: "press",),
    "remote": (lambda rng: f"press {rng.randint(1, 2)}",),
    "leak": (lambda rng: f"set wet={_flag(rng)}",),
    "motion": (lambda _: "set occupied=true",),
    "lock": (lambda rng: f"set locked={_flag(rng)}",),
    "door": (lambda rng: f"set open={_flag(rng)}",),
}
"""By the device's kind: what a hand does to it."""
_WISHES: Final[Mapping[str, tuple[Callable[[Random], dict[str, bool | int]], ...]]] = {
    "switch": (lambda rng: {"on": rng.random() < 0.5},),
    "plug": (lambda rng: {"on": rng.random() < 0.5},),
    "dimmer": (lambda rng: {"on": rng.random() < 0.5}, lambda rng: {"level": rng.randint(1, 100)}),
    "blind": (lambda rng: {"position": rng.choice((0, 20, 50, 100))},),
    "lock": (lambda rng: {"locked": rng.random() < 0.5},),
}
"""Likewise what is wished of it."""


@dataclass(frozen=True, slots=True)
class Doing:
    """`how` is `hand`, `api` or `cloud`."""

    at_s: float
    how: str
    device: str
    words: tuple[str, ...] = ()
    wanted: Mapping[str, bool | int] | None = None
    expires_in_s: float = 0.0


def draw_doings(scenario: Scenario, plan: HomePlan) -> list[Doing]:
    """In the order in which they happen. Without people none."""
    if not scenario.people:
        return []
    rng = scenario.rng("doings")
    doings: list[Doing] = []
    at_s = rng.expovariate(1 / EVERY_S)
    while at_s < scenario.seconds:
        doing = _draw(at_s, plan, scenario.rng(f"doing:{len(doings)}"))
        if doing is None:
            break
        doings.append(doing)
        at_s += rng.expovariate(1 / EVERY_S)
    second = [_second_thoughts(doing, scenario.rng(f"second thoughts:{it}")) for it, doing in enumerate(doings)]
    doings += [it for it in second if it is not None and it.at_s < scenario.seconds]
    return sorted(doings, key=lambda it: it.at_s)


def wish_for(device: DevicePlan, rng: Random) -> Doing | None:
    """Somebody wishes something of it over the local API; None where there is nothing to wish."""
    if device.kind not in _WISHES:
        return None
    return Doing(0.0, "api", device.name, wanted=rng.choice(_WISHES[device.kind])(rng))


def do(site: Site, doing: Doing) -> None:
    """What cannot be done at the moment is not done: the cloud is down, the hub is off."""
    match doing.how:
        case "hand":
            verb, *rest = doing.words
            site.world.do(verb, doing.device, *rest)
        case "api":
            site.hub.inside(lambda agent: _wish(agent, doing))
        case _:
            _command(site, doing)


def _draw(at_s: float, plan: HomePlan, rng: Random) -> Doing | None:
    how = rng.choice(("hand", "hand", "api", "cloud"))
    table = _HANDS if how == "hand" else _WISHES
    devices = [it for it in plan.device if it.kind in table and it.radio != "none"]
    if not devices:
        return None
    device = rng.choice(devices)
    if how == "hand":
        return Doing(at_s, how, device.name, tuple(rng.choice(_HANDS[device.kind])(rng).split()))
    wanted = rng.choice(_WISHES[device.kind])(rng)
    return Doing(at_s, how, device.name, wanted=wanted, expires_in_s=rng.choice(EXPIRES_IN_S))


def _second_thoughts(doing: Doing, rng: Random) -> Doing | None:
    """Whoever wished for something wishes for the opposite, before it was done or just after."""
    if doing.how != "api" or doing.wanted is None or rng.random() >= SECOND_THOUGHTS_SHARE:
        return None
    wanted = {
        name: (not value) if isinstance(value, bool) else rng.randint(0, 100) for name, value in doing.wanted.items()
    }
    return replace(doing, at_s=doing.at_s + rng.uniform(*SECOND_THOUGHTS_S), wanted=wanted)


def _wish(agent: Agent, doing: Doing) -> None:
    """As the local API does it."""
    assert doing.wanted is not None
    wishes = Wishes(agent.home, agent.automation, agent.send, "api")
    try:
        wishes.set(doing.device, doing.wanted, lambda _answers: None)
    except WishRefused as refused:
        _log.info("a wish was refused: %s", refused)


def _command(site: Site, doing: Doing) -> None:
    assert doing.wanted is not None
    if site.cloud is None or site.cloud.service is None:
        return
    try:
        site.cloud.service.command(HUB, doing.device, doing.wanted, doing.expires_in_s)
    except (UnknownHub, TooManyCommands, MalformedMessage) as refused:
        _log.info("a command was refused: %s", refused)


def _flag(rng: Random) -> str:
    return "true" if rng.random() < 0.5 else "false"
