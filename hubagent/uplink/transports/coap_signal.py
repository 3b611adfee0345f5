"""What the cloud's signals (RFC 8323, section 5) and refusals say, as this hub understands it."""

from typing import Any, Final

import cbor2

from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.coap_message import CoapMessage
from hubagent.uplink.transports.port import Lost, Trouble

REPLACED: Final = "replaced"
"""How the diagnostic payload of an Abort begins where another connection of the same name took this one's place."""
HOLD_OFF_MAX_S: Final = 3600.0
"""RFC 8323 allows half a year; no cloud's mistake shall silence a home for so long."""
TEXT_MAX: Final = 200
"""Letters of the other side's that are told on."""
FOREIGN_OPTIONS: Final = frozenset({coap.URI_HOST, coap.URI_PORT, coap.ACCEPT})
"""Critical options (RFC 7252, section 5.4.1) of a request that say nothing to us, and may be there."""

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
    """`host:port`; anything that is none is as good as nothing."""
    if value is None or not 1 <= len(value) <= 255:
        return None
    text = value.decode("ascii", "replace")
    return text if text.isprintable() and not set(text) & set("/?#@ \ufffd") else None


def _option(message: CoapMessage, number: int) -> bytes | None:
    return next((value for found, value in message.options if found == number), None)
