"""`{ set = "hall.light", on = true, level = "30% if home.mode == 'night' else 80%", transition = "2s" }`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from hubagent.model.capabilities.configuration import parameter_number
from hubagent.model.capabilities.table import ATTRIBUTES, SETTINGS
from hubagent.model.capability import InvalidValue, Kind, Value
from hubagent.rules.actions.bound_set import BoundSet, How, bind_set
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.tree import Expression
from hubagent.rules.reading.expression_form import read_expression
from hubagent.rules.reading.form import duration, plain_value, some, whole
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.reading.wrong import Wrong
from hubagent.rules.triggers.fields import DEVICE
from hubagent.toml_lines import NOWHERE, Spot, did_you_mean

DEVICES_MAX: Final = 64
TRANSITION_MAX_S: Final = 3600.0
WITHIN_MAX_S: Final = 600.0
RETRIES_MAX: Final = 10

SETTABLE: Final = tuple(name for setting in SETTINGS for name in setting.attributes)
_TOGETHER: Final = tuple(setting.attributes for setting in SETTINGS if len(setting.attributes) > 1)

HOW: Final = Fields(
    {
        "transition": Field(
            duration(0, TRANSITION_MAX_S), "how long the change takes", into="transition_s", default="the device's own"
        ),
        "within": Field(
            duration(0.001, WITHIN_MAX_S), "when devices must have confirmed", into="within_s", default="no limit"
        ),
        "retry": Field(whole(0, RETRIES_MAX), "how often to send again without an answer", default="0"),
    }
)


@dataclass(frozen=True, slots=True)
class SetAction:
    """Devices are to have these values; with an Expression, what it is worth when the action is reached."""

    FIELDS: ClassVar = (
        Fields({"set": Field(some(DEVICE, DEVICES_MAX), "the device or devices", into="devices", required=True)}) | HOW
    )

    devices: tuple[str, ...]
    values: tuple[tuple[str, Value | Expression], ...]
    """Attributes that can be set."""
    transition_s: float | None = None
    within_s: float | None = None
    """When the devices must have confirmed; later is a failure."""
    retry: int = 0
    """How often it is sent again to a device that does not confirm."""
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.values:
            raise Wrong("sets nothing; say for example on = true")
        if len(self.devices) > 1 and len(set(self.devices)) < len(self.devices):
            raise Wrong("names a device twice", below=("set",))
        names = [name for name, _ in self.values]
        for together in _TOGETHER:
            missing = [name for name in together if name not in names]
            if 0 < len(missing) < len(together):
                raise Wrong(f"{' and '.join(together)} are set together; {', '.join(missing)} has no value")

    def bind(self, scope: Scope) -> tuple[BoundSet, ...]:
        """One for each device. Raises CannotBind."""
        how = How(self.transition_s, self.within_s, self.retry)
        return tuple(bind_set(device, self.values, how, scope, self.place) for device in self.devices)


def read_setting(name: str, value: Any) -> Value | Expression:
    """The value that an attribute is set to. Raises Wrong."""
    attribute = ATTRIBUTES[name][1] if name in SETTABLE else None
    if attribute is None and parameter_number(name) is None:
        if name in ATTRIBUTES:
            raise Wrong("is measured by the device and cannot be set", of_key=True)
        near = did_you_mean(name, [*SETTABLE, *SetAction.FIELDS])
        raise Wrong(f"there is no such attribute{near}; what can be set: {', '.join(SETTABLE)}", of_key=True)
    given = plain_value(value) if not isinstance(value, str) else value
    if isinstance(given, str) and not (attribute is not None and attribute.kind is Kind.WORD and given.isidentifier()):
        return read_expression(given)
    if attribute is None:
        if isinstance(given, bool) or not isinstance(given, int):
            raise Wrong("is a whole number, or an expression in quotes")
        return given
    try:
        return attribute.check(given)
    except InvalidValue as invalid:
        near = did_you_mean(given, attribute.words) if isinstance(given, str) else ""
        raise Wrong(f"{invalid}{near}") from invalid


def settings_of(values: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """What `read_table` read, with the attributes under `values`."""
    known = set(fields)
    settings = tuple((name, value) for name, value in values.items() if name not in known)
    return {**{name: value for name, value in values.items() if name in known}, "values": settings}
