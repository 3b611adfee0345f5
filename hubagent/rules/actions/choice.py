"""`{ if = "..", do = [..], else = [..] }` and `{ choose = [{ if = "..", do = [..] }, ..], else = [..] }`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.actions.table import Action
    from hubagent.rules.expression.tree import Expression


@dataclass(frozen=True, slots=True)
class Option:
    condition: Expression
    do: tuple[Action, ...]
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class ChooseAction:
    """The first option whose condition holds; an `if` has one."""

    options: tuple[Option, ...]
    otherwise: tuple[Action, ...] = ()
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
