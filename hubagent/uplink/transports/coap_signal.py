"""What the cloud's signals (RFC 8323, section 5) and refusals say, as this hub understands it."""

from typing import Any, Final
from urllib.parse import urlsplit

import cbor2

from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.coap_message import CoapMessage
from hubagent.uplink.transports.port import Lost, Trouble

REPLACED: Final = "replaced"
"""How the diagnostic payload of an Abort begins where another connection of the same name took this one's place."""
HOLD_OFF_MAX_S: Final = 3600.0
"""RFC 8323 allows half a year; no cloud's mistake shall silence a home for so long."""
DEFAULT_PORT: Final = 5684
AUTHORITY_MAX: Final = 255
TEXT_MAX: Final = 200
"""Letters of the other side's that are told on."""
PROBLEM_MAX: Final = 1024
"""Bytes of problem details that are worth reading."""
_PROBLEM: Final = 257
"""application/concise-problem-details+cbor: RFC 9290, section 6.3."""
_TITLE: Final = -1
_DETAIL: Final = -2


def message_size_of(csm: CoapMessage) -> int | None:
    """The Max-Message-Size that a CSM announces; None where it says nothing of it."""
    value = _option(csm, coap.MAX_MESSAGE_SIZE)
    return None if value is None else int.from_bytes(value[:4], "big")


def lost_by_release(message: CoapMessage, peer: str) -> Lost:
    hold_off = _option(message, coap.HOLD_OFF)
    retry_after_s = None if hold_off is None else min(HOLD_OFF_MAX_S, float(int.from_bytes(hold_off, "big")))
    server = _authority(_option(message, coap.ALTERNATIVE_ADDRESS))
    said = diagnostic(message)
    detail = f"{peer} ends the connection" + (f": {said}" if said else "")
    trouble = Trouble.CLOSED if retry_after_s is None and server is None else Trouble.REFUSED
    return Lost(trouble, detail, retry_after_s, server)


def lost_by_abort(message: CoapMessage, peer: str) -> Lost:
    said = diagnostic(message)
    if said.startswith(REPLACED):
        return Lost(Trouble.REPLACED, f"{peer} has another connection of a hub with this name: is its key on two hubs?")
    bad_option = _option(message, coap.BAD_CSM_OPTION)
    if bad_option is not None:
        said = f"{said} (CSM option {int.from_bytes(bad_option[:2], 'big')})".strip()
    return Lost(Trouble.PROTOCOL, f"{peer} aborted the connection: {said or 'it does not say why'}")


def refusal(message: CoapMessage) -> str:
    """Why a request was refused: the code, and what else the answer says."""
    return f"{coap.dotted(message.code)} {diagnostic(message)}".rstrip()


def diagnostic(message: CoapMessage) -> str:
    """A diagnostic payload (RFC 7252, section 5.5.2) or problem details (RFC 9290), as a short line."""
    if _option(message, coap.CONTENT_FORMAT) == coap.uint(_PROBLEM):
        return _line(_problem(message.payload))
    return _line(message.payload[: 4 * TEXT_MAX].decode("utf-8", "replace"))


def _problem(payload: bytes) -> str:
    if len(payload) > PROBLEM_MAX:
        return ""
    try:
        found: Any = cbor2.loads(payload)
    except (ValueError, EOFError, RecursionError, OverflowError, cbor2.CBORError):
        return ""
    if not isinstance(found, dict):
        return ""
    return ": ".join(text for key in (_TITLE, _DETAIL) if isinstance(text := found.get(key), str))


def _line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:TEXT_MAX]).strip()


def _authority(value: bytes | None) -> str | None:
    """`host:port` of an authority (RFC 3986, section 3.2); what is none is as good as nothing."""
    if value is None or len(value) > AUTHORITY_MAX:
        return None
    try:
        parts = urlsplit(f"//{value.decode('ascii')}")
        port = parts.port or DEFAULT_PORT
    except ValueError:
        return None
    if not parts.hostname or parts.netloc.rpartition("@")[1] or parts.path or parts.query or parts.fragment:
        return None
    return str(Address(parts.hostname, port)) if parts.hostname.isprintable() else None


def _option(message: CoapMessage, number: int) -> bytes | None:
    return next((value for found, value in message.options if found == number), None)
