"""Configuration (SDS13781): numbered parameters, each with its name, limits and default."""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.zwave.command_classes import configuration
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.configuration import (
    ConfigurationBulkGet,
    ConfigurationBulkReport,
    ConfigurationBulkSet,
    ConfigurationDefaultReset,
    ConfigurationGet,
    ConfigurationInfoGet,
    ConfigurationInfoReport,
    ConfigurationNameGet,
    ConfigurationNameReport,
    ConfigurationPropertiesGet,
    ConfigurationPropertiesReport,
    ConfigurationReport,
    ConfigurationSet,
    Format,
    Limits,
    as_signed,
    as_unsigned,
)
from simulators.device_memory import Kept
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction


@dataclass(frozen=True, slots=True)
class Parameter:
    number: int
    name: str
    info: str
    limits: Limits
    format: Format = Format.UNSIGNED
    read_only: bool = False
    apply: Callable[[int], None] = lambda value: None  # noqa: ARG005 - most do nothing that can be seen
    at_power: Callable[[int], None] | None = None
    """Does what the value says of the moment when the power returns."""


class ConfigurationReaction(Reaction):
    MODULE = configuration

    def __init__(self, *parameters: Parameter) -> None:
        self._parameters = {parameter.number: parameter for parameter in parameters}
        self._values = {parameter.number: parameter.limits.default for parameter in parameters}

    def react(self, command: Command) -> Answer:
        match command:
            case ConfigurationGet(number):
                # SDS13781: an unknown parameter is answered with the first one.
                return self._report(number if number in self._parameters else min(self._parameters))
            case ConfigurationSet(number, size, value):
                return self._set(number, size, value)
            case ConfigurationDefaultReset():
                self.reset()
                return DONE
            case ConfigurationNameGet(number):
                return ConfigurationNameReport(number, 0, self._text(number, "name"))
            case ConfigurationInfoGet(number):
                return ConfigurationInfoReport(number, 0, self._text(number, "info"))
            case ConfigurationPropertiesGet(number):
                return self._properties(number)
            case ConfigurationBulkGet(first, count):
                return self._bulk(first, count, handshake=False)
            case ConfigurationBulkSet(first, size, values, default, handshake):
                wanted = [None] * len(values) if default else list(values)
                outcomes = [self._set(first + at, size, value) for at, value in enumerate(wanted)]
                if handshake:
                    return self._bulk(first, len(wanted), handshake=True)
                return FAILED if FAILED in outcomes else DONE
        return None

    def power_returned(self) -> None:
        for parameter in self._parameters.values():
            if parameter.at_power is not None and self._values[parameter.number] != parameter.limits.default:
                parameter.at_power(self._values[parameter.number])

    def reset(self) -> None:
        for parameter in self._parameters.values():
            self._store(parameter, parameter.limits.default)

    def kept(self) -> Kept:
        changed = [it for it in self._parameters.values() if self._values[it.number] != it.limits.default]
        return {str(it.number): self._values[it.number] for it in changed}

    def restore(self, kept: Kept) -> None:
        for number, value in kept.items():
            parameter = self._parameters[int(number)]
            if not parameter.limits.minimum <= value <= parameter.limits.maximum:
                raise ValueError(f"parameter {number} cannot be {value}")
            self._store(parameter, int(value))

    def _set(self, number: int, size: int, value: int | None) -> Outcome:
        parameter = self._parameters.get(number)
        if parameter is None or parameter.read_only:
            return FAILED
        limits = parameter.limits
        if value is None:
            self._store(parameter, limits.default)
            return DONE
        if size != limits.size:
            return FAILED
        meant = value if parameter.format is Format.SIGNED else as_unsigned(value, size)
        if not limits.minimum <= meant <= limits.maximum:
            return FAILED
        self._store(parameter, meant)
        return DONE

    def _store(self, parameter: Parameter, value: int) -> None:
        self._values[parameter.number] = value
        parameter.apply(value)

    def _wire(self, number: int) -> int:
        return as_signed(self._values[number], self._parameters[number].limits.size)

    def _report(self, number: int) -> ConfigurationReport:
        return ConfigurationReport(number, self._parameters[number].limits.size, self._wire(number))

    def _bulk(self, first: int, count: int, *, handshake: bool) -> ConfigurationBulkReport:
        numbers = [number for number in range(first, first + count) if number in self._parameters]
        size = max((self._parameters[number].limits.size for number in numbers), default=1)
        values = tuple(self._wire(number) for number in numbers)
        default = all(self._values[number] == self._parameters[number].limits.default for number in numbers)
        return ConfigurationBulkReport(first, 0, size, values, default, handshake)

    def _text(self, number: int, which: str) -> bytes:
        parameter = self._parameters.get(number)
        if parameter is None:
            return b""
        return (parameter.name if which == "name" else parameter.info).encode()

    def _properties(self, number: int) -> ConfigurationPropertiesReport:
        following = min((it for it in self._parameters if it > number), default=0)
        parameter = self._parameters.get(number)
        if parameter is None:
            return ConfigurationPropertiesReport(number, Format.SIGNED, None, following, advanced=False, no_bulk=False)
        return ConfigurationPropertiesReport(
            number,
            parameter.format,
            parameter.limits,
            following,
            read_only=parameter.read_only,
            advanced=False,
            no_bulk=False,
        )
