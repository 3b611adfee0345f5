"""What a test says of its hub as hub.toml does, in the words of the environment, which count over the home's own.

{"rules": {"allow_hosts": ["example.org"]}} or {"rules.allow_hosts": ["example.org"]}: HUBAGENT_RULES__ALLOW_HOSTS
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hubagent.config import ENVIRONMENT_PREFIX, NESTING


class BadHubSetting(ValueError):
    """What hub.toml cannot say."""


def as_environment(table: Mapping[str, Any]) -> dict[str, str]:
    """Whether there is such a key says the hub, when it starts. Raises BadHubSetting."""
    return dict(_variables(table, ""))


def _variables(table: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if not above and key.startswith(ENVIRONMENT_PREFIX) and NESTING in key:
            yield key, value if isinstance(value, str) else _toml(value)
            continue
        name = above + (NESTING if above else "") + key.upper().replace(".", NESTING)
        if isinstance(value, Mapping):
            yield from _variables(value, name)
        elif NESTING in name:
            yield ENVIRONMENT_PREFIX + name, _toml(value)
        else:
            raise BadHubSetting(f"{key} stands in no table of hub.toml; say for example {{'rules.allow_hosts': [...]}}")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        # A text of JSON is one of TOML, too; as it is, a number in quotes would be read as a number.
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_toml, value))}]"
    raise BadHubSetting(f"{value!r} is no value of hub.toml")
