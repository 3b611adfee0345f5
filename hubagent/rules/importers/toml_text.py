"""Tables as the text of a TOML file, laid out for people: short lists on a line, long ones an item a line."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_WIDTH: Final = 110
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def table_lines(head: str, table: Mapping[str, Any]) -> list[str]:
    """`[[rule]]`, and a line for each key."""
    return [head, *(f"{_key(key)} = {value_text(value)}" for key, value in table.items())]


def value_text(value: Any, indent: str = "") -> str:
    flat = _flat(value)
    if len(flat) + len(indent) <= _WIDTH or not isinstance(value, dict | list):
        return flat
    deeper = f"{indent}  "
    if isinstance(value, list):
        # Inside brackets TOML 1.0 lets lines end, also where they stand in a table on one line.
        return "[\n" + "".join(f"{deeper}{value_text(item, deeper)},\n" for item in value) + f"{indent}]"
    return "{ " + ", ".join(f"{_key(key)} = {value_text(item, indent)}" for key, item in value.items()) + " }"


def _flat(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return f"{value:.10f}".rstrip("0") + ("0" if value == int(value) else "")
        case str():
            return quoted(value)
        case list():
            return f"[{', '.join(map(_flat, value))}]"
        case dict():
            return f"{{ {', '.join(f'{_key(key)} = {_flat(item)}' for key, item in value.items())} }}"
    raise AssertionError(value)


def quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(letter) or _visible(letter) for letter in text) + '"'


def _visible(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else _whole(letter)


def _whole(letter: str) -> str:
    # Half of a pair of surrogates is no letter, and no file in UTF-8 can have it.
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else letter


def _key(key: str) -> str:
    plain = key and all((letter.isascii() and letter.isalnum()) or letter in "_-" for letter in key)
    return key if plain else quoted(key)


def comment(lines: Iterable[str], mark: str = "# ") -> list[str]:
    """Lines that a reader of TOML leaves out, whatever is in them."""
    return [f"{mark}{_in_comment(line)}".rstrip() for line in lines]


def _in_comment(line: str) -> str:
    return "".join(_whole(letter) if letter.isprintable() else " " for letter in line.rstrip())
