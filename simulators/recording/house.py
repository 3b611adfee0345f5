"""The house in which a recording can be played: its devices, each in its room, as the header has them; as a plan, and
as the TOML of a house file.
"""

import json
import re
from typing import Any, Final

from simulators.home import HomePlan
from simulators.house_table import HOME_NAME_MAX
from simulators.recording.format import Header

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_KEYS: Final = ("name", "kind", "room", "radio", "power", "options")


def house_of(header: Header) -> HomePlan:
    return HomePlan.model_validate(_tables(header))


def house_text(header: Header) -> str:
    """A house file that says the same."""
    tables = _tables(header)
    lines = [f"# For a recording that began at {header.start:.0f} (Unix seconds); HOMES.md describes this file."]
    # A comment takes no control characters, and a text from elsewhere may have any.
    lines += [f"# {''.join(filter(str.isprintable, line))}" for line in header.about.splitlines()]
    lines += ["", f"name = {_toml(tables['name'])}"]
    if "place" in tables:
        lines += ["", "[place]", *_assignments(tables["place"])]
    for name in ("room", "device"):
        for table in tables[name]:
            lines += ["", f"[[{name}]]", *_assignments(table)]
    return "\n".join(lines) + "\n"


def _tables(header: Header) -> dict[str, Any]:
    """As TOML has them."""
    devices = []
    for device in header.devices:
        table = device.model_dump(include=set(_KEYS), exclude_defaults=True)
        devices.append({key: table[key] for key in _KEYS if key in table})
    tables: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9_]+", "_", header.home.lower()).strip("_")[:HOME_NAME_MAX] or "recorded",
        # A home has a room, also where nothing is in it.
        "room": [{"name": room} for room in header.rooms] or [{"name": "home"}],
        "device": devices,
    }
    if header.place is not None:
        tables["place"] = header.place.model_dump()
    return tables


def _assignments(table: dict[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_toml(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _toml(key)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(_assignments(value)) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON's numbers, flags and texts are TOML's, but for what JSON leaves as it is: DEL, and halves of pairs.
    return json.dumps(value).replace("\x7f", "\\u007f")
