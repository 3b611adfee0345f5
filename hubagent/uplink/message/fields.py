"""Reading the fields of a hostile map: each with its type and its bounds, or an error that names the field."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

HUB_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{6,62}[a-z0-9]")
"""Eight to 64 small letters, digits and hyphens: valid as an MQTT topic level, client identifier and DNS label."""
NUMBER_MAX: Final = 2**53
"""What every language's number holds exactly."""
SECONDS_MAX: Final = 253_402_300_799
"""The end of the year 9999: what a calendar can say."""

KEY_MAX: Final = 256

Scalar = str | int | float | bool | None


class MalformedMessage(ValueError):
    """It cannot be read. `reason` is a word of `Refused.reason`; the text says which field, and why."""

    def __init__(self, detail: str, reason: str = "malformed") -> None:
        super().__init__(detail)
        self.reason = reason


class Fields:
    """One map, read field by field."""

    def __init__(self, value: Any, what: str) -> None:
        if not isinstance(value, dict):
            raise MalformedMessage(f"{what} is no map")
        for key in value:
            _key(key, what)
        self._map: Mapping[str, Any] = value
        self._what = what

    def _get(self, key: str) -> Any:
        if key not in self._map:
            raise MalformedMessage(f"{self._what} has no {key}")
        return self._map[key]

    def optional(self, key: str) -> Any:
        """The raw value, None where there is none."""
        return self._map.get(key)

    def text(self, key: str, most: int = 256) -> str:
        return text(self._get(key), f"{self._what}.{key}", most)

    def hub(self) -> str:
        found = self.text("hub", 64)
        if not HUB_ID.fullmatch(found):
            raise MalformedMessage(f"{self._what}.hub is no hub's name")
        return found

    def number(self, key: str) -> int:
        return number(self._get(key), f"{self._what}.{key}")

    def seconds(self, key: str) -> float:
        """Since 1970, or how many; what is not later than the year 9999."""
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= SECONDS_MAX:
            raise MalformedMessage(f"{self._what}.{key} is no number of seconds from 0 to {SECONDS_MAX}")
        return float(value)

    def flag(self, key: str) -> bool:
        value = self._get(key)
        if not isinstance(value, bool):
            raise MalformedMessage(f"{self._what}.{key} is neither true nor false")
        return value

    def octets(self, key: str, length: int) -> bytes:
        return octets(self._get(key), f"{self._what}.{key}", length, length)

    def sequence(self, key: str, most: int) -> Sequence[Any]:
        return sequence(self._get(key), f"{self._what}.{key}", most)

    def mapping(self, key: str, most: int) -> Mapping[str, Any]:
        """Text keys, and what JSON could hold as well."""
        return plain_map(self._get(key), f"{self._what}.{key}", most)

    def scalars(self, key: str, most: int) -> dict[str, Scalar]:
        return scalars(self._get(key), f"{self._what}.{key}", most)


def text(value: Any, where: str, most: int = 256) -> str:
    if not isinstance(value, str) or not value or len(value) > most or not value.isprintable():
        raise MalformedMessage(f"{where} is no text of 1 to {most} printable letters")
    return value


def number(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= NUMBER_MAX:
        raise MalformedMessage(f"{where} is no whole number from 0 to 2^53")
    return value


def octets(value: Any, where: str, least: int, most: int) -> bytes:
    if not isinstance(value, bytes) or not least <= len(value) <= most:
        raise MalformedMessage(f"{where} has not {least} to {most} bytes")
    return value


def sequence(value: Any, where: str, most: int) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise MalformedMessage(f"{where} is no list of at most {most}")
    return value


def plain_map(value: Any, where: str, most: int) -> dict[str, Any]:
    """A map of at most `most` texts to what JSON could hold as well. How deep it is, the reader of CBOR has bounded."""
    if not isinstance(value, dict) or len(value) > most:
        raise MalformedMessage(f"{where} is no map of at most {most}")
    _check_plain(value, where)
    return value


def scalars(value: Any, where: str, most: int) -> dict[str, Scalar]:
    """The same, without maps and lists in it."""
    found = plain_map(value, where, most)
    if any(isinstance(below, dict | list) for below in found.values()):
        raise MalformedMessage(f"{where} has values that are no scalars")
    return found


def _check_plain(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for key, below in value.items():
            _key(key, where)
            _check_plain(below, where)
    elif isinstance(value, list):
        for below in value:
            _check_plain(below, where)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise MalformedMessage(f"{where} has a number that is none")
    elif value is not None and not isinstance(value, str | bool | int):
        raise MalformedMessage(f"{where} has a {type(value).__name__}")


def _key(key: Any, where: str) -> None:
    if not isinstance(key, str) or not 0 < len(key) <= KEY_MAX or not key.isprintable():
        raise MalformedMessage(f"a key of {where} is no text of 1 to {KEY_MAX} printable letters")
