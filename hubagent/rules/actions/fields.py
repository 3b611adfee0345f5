"""What actions stand in for one another with: lists of actions below actions, read by `reading.actions`."""

from typing import Any, Final, NoReturn

from hubagent.rules.reading.form import Form


def _nested(_value: Any) -> NoReturn:
    raise AssertionError("read by a reader of its own")


ACTIONS: Final = Form(_nested, {"$ref": "#/$defs/actions"}, "a list of actions", nested=True)
OPTIONS: Final = Form(_nested, {"$ref": "#/$defs/options"}, "a list of { if = .., do = [..] }", nested=True)
