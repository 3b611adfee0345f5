"""Reading what somebody wants: hostile JSON, each field with its bounds."""

import json
from typing import Any, Final

from aiohttp import web

from simulators.web.problem import Problem

BODY_MAX: Final = 64 * 1024
WORDS_MAX: Final = 64

Scalar = str | int | float | bool | None


class Body:
    """A JSON object, read field by field. Every method raises Problem."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def text(self, key: str) -> str:
        value = self._fields.get(key)
        if not isinstance(value, str) or not 0 < len(value) <= 128 or not value.isprintable():
            raise _invalid(f"{key} is no text of 1 to 128 printable letters")
        return value

    def seconds(self, key: str, default: float) -> float:
        value = self._fields.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _invalid(f"{key} is no number of seconds")
        return float(value)

    def scalars(self, key: str) -> dict[str, Scalar]:
        return _scalars(self._fields.get(key), key)

    def tables(self, key: str) -> dict[str, dict[str, Scalar]]:
        value = self._fields.get(key)
        if not isinstance(value, dict):
            raise _invalid(f"{key} is no object")
        return {name: _scalars(below, f"{key}.{name[:40]}") for name, below in value.items()}

    def words(self, key: str) -> list[str]:
        """As a command line has them."""
        value = self._fields.get(key)
        if not isinstance(value, list) or not 0 < len(value) <= WORDS_MAX:
            raise _invalid(f'{key} is no list of 1 to {WORDS_MAX} words, as ["press", "hall.light"]')
        for word in value:
            if not isinstance(word, str) or not 0 < len(word) <= 256 or not word.isprintable():
                raise _invalid(f"{key} has something in it that is no text of 1 to 256 printable letters")
        return value

    def rest(self, *without: str) -> dict[str, str | int | float | bool]:
        """All other fields, as settings."""
        rest = {name: value for name, value in self._fields.items() if name not in without}
        if not all(isinstance(value, str | int | float) for value in rest.values()):
            raise _invalid("settings are texts, numbers, true and false")
        return rest


async def read_body(request: web.Request) -> Body:
    if request.content_type != "application/json":
        raise Problem(415, "no_json", "say `Content-Type: application/json`, and what you want as a JSON object")
    try:
        value = json.loads(await request.read(), parse_constant=_no_number, object_pairs_hook=_object)
    except web.HTTPRequestEntityTooLarge as error:
        raise Problem(413, "too_large", f"at most {BODY_MAX} bytes are read") from error
    except (ValueError, RecursionError) as error:
        raise Problem(400, "no_json", f"that is no JSON: {str(error)[:100]}") from error
    if not isinstance(value, dict):
        raise Problem(400, "no_json", "that is no JSON object")
    return Body(value)


def query_number(request: web.Request, key: str, default: int, most: int) -> int:
    """A whole number of the query. Raises Problem."""
    text = request.query.get(key)
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 16 or int(text) > most:
        raise _invalid(f"{key} is no whole number from 0 to {most}")
    return int(text)


def _scalars(value: Any, where: str) -> dict[str, Scalar]:
    if not isinstance(value, dict) or not value:
        raise _invalid(f'{where} is no object with attributes and values, as {{"on": true}}')
    if not all(below is None or isinstance(below, str | int | float) for below in value.values()):
        raise _invalid(f"{where} has values that are no texts, numbers, true, false or null")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key that is there twice")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _invalid(text: str) -> Problem:
    return Problem(400, "invalid", text)
