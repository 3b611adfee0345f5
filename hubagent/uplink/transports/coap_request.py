"""What the cloud may ask of the hub: POST /dn/<channel>, and nothing else."""

from typing import Final

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.coap_message import CoapMessage

_FOREIGN: Final = frozenset({coap.URI_HOST, coap.URI_PORT, coap.ACCEPT})
"""Critical options (RFC 7252, section 5.4.1) that say nothing to us, and may be there."""
_CHANNELS: Final = frozenset(channel.value for channel in Down)


class NotDone(Exception):
    """The request is answered with `code`, and nothing else happens."""

    def __init__(self, code: int) -> None:
        super().__init__(coap.dotted(code))
        self.code = code


def channel_asked(request: CoapMessage) -> str:
    """The channel of the frame that the request brings. Raises NotDone."""
    path = []
    for number, value in request.options:
        if number == coap.URI_PATH:
            path.append(value.decode("utf-8", "replace"))
        elif number & 1 and number not in _FOREIGN:
            raise NotDone(coap.BAD_OPTION)
    channel = "/".join(path[1:])
    if path[:1] != ["dn"] or channel not in _CHANNELS:
        raise NotDone(coap.NOT_FOUND)
    if request.code != coap.POST:
        raise NotDone(coap.METHOD_NOT_ALLOWED)
    if len(request.payload) > FRAME_MAX:
        raise NotDone(coap.TOO_LARGE)
    return channel
