"""Text that a device sends: UTF-8 by the specification, anything in the field."""


def read_text(data: bytes) -> str:
    """What `data` says, a question mark for what is not UTF-8: never longer, written again, than it was."""
    return data.decode("utf-8", "replace").replace("\ufffd", "?")
