"""What the API answers when it cannot do what was asked: one kind for each thing that a caller can act upon."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ProblemKind:
    name: str
    code: int
    """The CoAP response code's byte: class and detail (RFC 7252, section 3)."""
    title: str


UNKNOWN_DEVICE: Final = ProblemKind("unknown_device", 0x84, "There is no such device")
UNKNOWN_RULE: Final = ProblemKind("unknown_rule", 0x84, "There is no such rule")
INVALID: Final = ProblemKind("invalid", 0x80, "The request cannot be understood")
BAD_NAME: Final = ProblemKind("bad_name", 0x80, "The device cannot have that name")
BUSY: Final = ProblemKind("busy", 0x89, "Something else is under way")
NOT_POSSIBLE: Final = ProblemKind("not_possible", 0x96, "The device or controller cannot do that")
DRIVER_UNAVAILABLE: Final = ProblemKind("driver_unavailable", 0xA3, "The driver is not running")
DEVICE_UNREACHABLE: Final = ProblemKind("device_unreachable", 0xA4, "The device did not answer")
REFUSED: Final = ProblemKind("refused", 0x83, "The home's rules forbid it")
TOO_MANY: Final = ProblemKind("too_many", 0xA3, "Too many at once")
NOT_KEPT: Final = ProblemKind("not_kept", 0xA0, "The state cannot be written")
AGENT_FAILED: Final = ProblemKind("agent_failed", 0xA0, "The agent failed at it")
"""A bug of ours: no answer says so, the client does of one that has no kind."""

KINDS: Final = {
    kind.name: kind
    for kind in (
        UNKNOWN_DEVICE,
        UNKNOWN_RULE,
        INVALID,
        BAD_NAME,
        BUSY,
        NOT_POSSIBLE,
        DRIVER_UNAVAILABLE,
        DEVICE_UNREACHABLE,
        REFUSED,
        TOO_MANY,
        NOT_KEPT,
    )
}


class Problem(Exception):
    """Raised inside the API for its answer, and by the client that got one."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
