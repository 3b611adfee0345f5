"""Small scenes for the oracle: rules in short, and what an expression is worth in a home of a few values."""

from collections.abc import Mapping
from typing import Any

from hubagent.model.capability import Value
from hubagent.rules.expression.parse import parse
from hubagent.rules.where import Where
from simulators.chaos.oracle.meaning import worth
from simulators.chaos.oracle.seen import Cause, Seen
from tests.hubagent.rules.a_house import HOUSE, START, UTC

GO = '{ webhook = "go" }'
ON = '{ set = "hall.light", on = true }'
OFF = '{ set = "hall.light", on = false }'


def rule(when: str, *do: str, name: str = "r", more: str = "") -> str:
    return f'[[rule]]\nname = "{name}"\nwhen = {when}\ndo = [{", ".join(do)}]\n{more}\n'


def note(text: str) -> str:
    return f'{{ notify = "owner", text = "{text}" }}'


def seen(said: Mapping[str, Value] | None = None, *, where: Where = UTC, wall: float = START) -> Seen:
    """A home that has just said these: `{"hall.lux.illuminance": 3}`."""
    home = Seen(where)
    home.start(wall)
    for device in HOUSE:
        home.know(device)
    for name, value in (said or {}).items():
        device_name, _, attribute = name.rpartition(".")
        home.report(f"id-{device_name}", attribute, value)
    home.set(("", "home.mode"), "home")
    home.set(("", "var.n"), 3)
    home.cause = Cause(40, "t0", 12.0)
    return home


def worth_of(text: str, home: Seen) -> Any:
    return worth(parse(text).root, home)
