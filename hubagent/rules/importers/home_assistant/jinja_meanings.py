"""What a part of a template may be: a flag, a number, a state, a constant; and one taken for another."""

from dataclasses import dataclass
from typing import Any

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant import jinja_clock as clock
from hubagent.rules.importers.home_assistant.states import Measured
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said


@dataclass(frozen=True, slots=True)
class Flag:
    holds: Said


@dataclass(frozen=True, slots=True)
class Number:
    value: Said
    measured: Measured | None = None
    is_whole: bool = False
    """Went through `int`, which cuts off what is behind the point."""


@dataclass(frozen=True, slots=True)
class StateText:
    """`states('light.hall')`."""

    entity: str


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """`state_attr('light.hall', 'brightness')`."""

    entity: str
    attribute: str


@dataclass(frozen=True, slots=True)
class TriggerId:
    pass


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


Meant = Flag | Number | StateText | AttributeValue | TriggerId | Constant | clock.Clock


def as_flag(meant: Meant) -> Said:
    match meant:
        case Flag(holds):
            return holds
        case Constant(bool() as found):
            return said.TRUE if found else said.FALSE
    raise CannotTranslate("template that is neither true nor false")


def as_number(meant: Meant, *, exact: bool = False) -> Number:
    """With `exact`, one whose digits are the same there: not cut off, not in another unit."""
    match meant:
        case Constant(bool()):
            pass
        case Constant(int() | float() as found):
            return Number(said.number(found))
        case Number():
            if exact and (meant.is_whole or (meant.measured is not None and not meant.measured.is_same)):
                raise CannotTranslate("template that rounds or converts", meant.value.text)
            return meant
    raise CannotTranslate("template", "something that is no number")


def against(number: Number, sign: str, wanted: float) -> Said:
    """A number compared with a constant; what `int` cuts off matters only at the constant itself."""
    if number.is_whole:
        if wanted < 1 or wanted != int(wanted) or sign == "==":
            raise CannotTranslate("template that rounds or converts", number.value.text)
        if sign in (">", "<="):  # at least the next whole number, or less than it
            sign, wanted = (">=", wanted + 1) if sign == ">" else ("<", wanted + 1)
    ours = wanted
    if number.measured is not None:
        ours = number.measured.exactly(wanted) if sign == "==" else number.measured.ours(wanted)
    return said.compared(number.value, sign, said.number(ours))
