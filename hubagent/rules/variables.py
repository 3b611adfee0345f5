"""The types of variables: flag, number or text, which a variable's first value gives it for good."""

from hubagent.model.capability import Value


def same_type(one: Value, other: Value) -> bool:
    return type_text(one) == type_text(other)


def type_text(value: Value) -> str:
    """For people."""
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, int | float) else "a text" if isinstance(value, str) else "unknown"
