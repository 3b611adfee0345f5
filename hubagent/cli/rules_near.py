"""Rules that may have been meant by a name that none has: names are sentences, of which people remember words."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Final, TypeVar

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.options import ask_agent

if TYPE_CHECKING:
    from hubagent.api.client import Client

_T = TypeVar("_T")

NEAR_MAX: Final = 3


def ask_of_rule(rule: str, ask: "Callable[[Client], Awaitable[_T]]") -> _T:
    """As `ask_agent`; where there is no such rule, the error names those that may have been meant."""
    from hubagent.api.problem import UNKNOWN_RULE, Problem  # noqa: PLC0415 - aiocoap would slow down --help

    try:
        return ask_agent(ask)
    except Problem as problem:
        if problem.kind is not UNKNOWN_RULE or "did you mean" in str(problem):
            raise
        known = ask_agent(lambda client: client.get("v1", "rules"))["rules"]
        near = near_rules(rule, [one["name"] for one in known])
        meant = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise Failure(f"{problem}{meant}; `hubagent rules list` lists them", USAGE) from problem


def near_rules(asked: str, names: Iterable[str]) -> list[str]:
    """Those with the most words of what was asked for; none where that is less than half of them."""
    words = _words(asked)
    shared = {name: len(words & _words(name)) for name in names}
    most = max(shared.values(), default=0)
    if not most or most * 2 < len(words):
        return []
    return [name for name, count in shared.items() if count == most][:NEAR_MAX]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.casefold()))
