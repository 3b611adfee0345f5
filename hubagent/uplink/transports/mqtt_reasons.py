"""MQTT 5's reason codes (section 2.4) as our words for why there is no connection, or why a frame was not taken."""

import re
from typing import Final

from hubagent.uplink.transports.host_name import is_host, is_ipv6
from hubagent.uplink.transports.port import Lost, Trouble

NO_CONSUMER: Final = 0x10
"""PUBACK's "no matching subscribers": of the class of successes, but the message is gone."""

_TROUBLES: Final = {
    0x00: (Trouble.CLOSED, "it closed the connection", None),
    0x81: (Trouble.PROTOCOL, "it could not read what the hub sent", None),
    0x82: (Trouble.PROTOCOL, "it finds that the hub broke the protocol", None),
    0x84: (Trouble.PROTOCOL, "it does not speak MQTT 5", None),
    0x85: (Trouble.IDENTITY, "it does not take the hub's name", None),
    0x86: (Trouble.IDENTITY, "it does not take the hub's certificate for a login", None),
    0x87: (Trouble.IDENTITY, "the hub is not allowed here", None),
    0x88: (Trouble.REFUSED, "it is not available", 5.0),
    0x89: (Trouble.REFUSED, "it is busy", 5.0),
    0x8A: (Trouble.REFUSED, "the hub is banned", 60.0),
    0x8B: (Trouble.CLOSED, "it is shutting down", None),
    0x8C: (Trouble.IDENTITY, "it wants another way of authentication", None),
    0x8D: (Trouble.SILENCE, "it has not heard from the hub for too long", None),
    0x8E: (Trouble.REPLACED, "another connection with the hub's name took this one's place", None),
    0x93: (Trouble.PROTOCOL, "the hub had more under way than it takes", None),
    0x95: (Trouble.PROTOCOL, "a message of the hub's was too large for it", None),
    0x96: (Trouble.REFUSED, "the hub sends too much", 10.0),
    0x97: (Trouble.REFUSED, "the hub's quota is used up", 60.0),
    0x98: (Trouble.CLOSED, "its operator closed the connection", None),
    0x9C: (Trouble.REFUSED, "it wants the hub to use another server", None),
    0x9D: (Trouble.REFUSED, "it has moved", None),
    0x9F: (Trouble.REFUSED, "too many connect at once", 10.0),
    0xA0: (Trouble.CLOSED, "the connection lasted as long as it allows", None),
}
"""By code: what it is to us, in plain words, and before how many seconds trying again makes no sense."""
_WORDS_MAX: Final = 200
_REFERENCE: Final = re.compile(r"([A-Za-z0-9.-]{1,254}|\[([0-9A-Fa-f:.]{2,45})\])(?::([0-9]{1,5}))?")
_PORT_MAX: Final = 65535


def lost_by_reason(code: int, name: str, server: str | None, reason: str | None) -> Lost:
    """Of a CONNACK or a DISCONNECT."""
    trouble, detail, retry_after_s = _TROUBLES.get(code, (Trouble.REFUSED, name, None))
    said = f" ({_plain(reason)})" if reason else ""
    return Lost(trouble, f"the broker ended it: {detail}{said}", retry_after_s, _first_server(server))


def refusal(code: int, name: str) -> str:
    """Of a PUBACK that means that the message did not arrive."""
    return "no consumer" if code == NO_CONSUMER else f"{name} (0x{code:02x})"


def _first_server(reference: str | None) -> str | None:
    """Of a list with spaces between; MQTT 5.0, section 4.11 gives the forms. None where it is none of them.

    What looks like one and can be no host is none either: a transport to it could not even be made.
    """
    found = _REFERENCE.fullmatch((reference or "").partition(" ")[0])
    if found is None:
        return None
    name, bracketed, port = found.groups()
    can_be = is_host(name) if bracketed is None else is_ipv6(bracketed)
    return found.group() if can_be and 0 < int(port or 1) <= _PORT_MAX else None


def _plain(text: str) -> str:
    """The other side's words, fit for a line of a log."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:_WORDS_MAX])
