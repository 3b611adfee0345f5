"""What came as CBOR, as JSON: octets become hexadecimal letters."""

import json
from typing import Any


def to_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), default=_octets)


def to_plain(value: Any) -> Any:
    """The same value as a reader of the JSON would have it."""
    return json.loads(to_json(value))


def _octets(value: Any) -> str:
    assert isinstance(value, bytes), f"the codec lets no {type(value).__name__} through"
    return value.hex()
