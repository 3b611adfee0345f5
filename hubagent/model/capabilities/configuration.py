"""A device's own parameters, by number, as its maker numbered them. Z-Wave devices have them; Matter has not.

The values are reported as attributes `parameter_<number>`, so this is the one capability whose attributes are open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from hubagent.model.capability import Capability, Command, InvalidValue, Value

CONFIGURATION = Capability("configuration", "vendor parameters; Z-Wave SDS13781 Configuration", ())

PARAMETER_MAX = 65535
PARAMETER_PREFIX = "parameter_"


def parameter_name(number: int) -> str:
    return f"{PARAMETER_PREFIX}{number}"


def parameter_number(name: str) -> int | None:
    """The other way round; None for an attribute of another kind."""
    digits = name.removeprefix(PARAMETER_PREFIX)
    is_number = digits != name and digits.isdecimal() and len(digits) <= _DIGITS_MAX
    return int(digits) if is_number else None


_DIGITS_MAX: Final = 9
"""Python refuses to read a number of thousands of digits, with an error of its own."""


@dataclass(frozen=True, slots=True)
class SetParameter(Command):
    """Set parameter `number` (1-65535) to a signed 32-bit `value`."""

    CAPABILITY: ClassVar = CONFIGURATION

    number: int
    value: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= PARAMETER_MAX:
            raise InvalidValue(f"a parameter's number is 1 to {PARAMETER_MAX}, not {self.number}")
        if not -(1 << 31) <= self.value < 1 << 32:
            raise InvalidValue(f"a parameter's value has 32 bits; {self.value} does not fit")

    def wanted(self) -> Mapping[str, Value]:
        return {parameter_name(self.number): self.value}
