"""The fields that several triggers have."""

import re
from typing import Any, Final, NoReturn

from hubagent.rules.reading.form import NAME_LENGTH_MAX, Form, duration, text
from hubagent.rules.reading.table import Field
from hubagent.rules.reading.wrong import Wrong, shown

_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _word(value: Any) -> str:
    if not isinstance(value, str) or len(value) > NAME_LENGTH_MAX or _WORD.fullmatch(value) is None:
        raise Wrong(f"is a word of letters, digits and _, not {shown(value)}")
    return value


WORD: Final = Form(_word, {"type": "string", "pattern": f"^{_WORD.pattern}$", "maxLength": NAME_LENGTH_MAX}, "a word")

ID: Final = Field(WORD, "what expressions call it by: trigger.id == 'word'")
HELD: Final = Field(duration(), "how long it must stay so", into="held_s", default='"0s"')

DEVICE: Final = text(NAME_LENGTH_MAX)
"""Its name or its id."""
SUBJECT: Final = text(2 * NAME_LENGTH_MAX)
"""A device, or a device and its attribute."""


def _nested(_value: Any) -> NoReturn:
    raise AssertionError("read by reading.triggers")


TRIGGERS: Final = Form(
    _nested, {"$ref": "#/$defs/triggers"}, 'a trigger or a list, as "hall.motion becomes occupied"', nested=True
)
