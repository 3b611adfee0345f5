"""`{ repeat = 3, do = [..] }` and `{ while = "..", at_most = 10, do = [..] }`: with a bound, always."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.actions.table import Action
    from hubagent.rules.expression.tree import Expression


@dataclass(frozen=True, slots=True)
class RepeatAction:
    times: int
    do: tuple[Action, ...]
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class WhileAction:
    condition: Expression
    at_most: int
    do: tuple[Action, ...]
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
