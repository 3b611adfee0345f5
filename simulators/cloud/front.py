"""The port between the consumer and the way that hubs come by: a broker, or CoAP over TLS.

A front knows who a hub is from its certificate (CoAP), or from the topic that the broker let it write to (MQTT), and
tells it by that name, whatever is in the frame.
"""

from typing import Protocol

from hubagent.uplink.message.channel import Down


class Receiver(Protocol):
    """Who hears a front; all calls are synchronous, on the loop, and do not block."""

    def received(self, hub: str, channel: str, payload: bytes) -> None:
        """A frame came from `hub`; `channel` is what follows `hub/<id>/up/`, and may be nonsense."""
        ...

    def gone(self, hub: str) -> None:
        """The hub's connection has ended, and no newer one of the same hub has taken its place.

        A broker's front does not say it: there the hub's last will comes as a frame.
        """
        ...


class Front(Protocol):
    """One way to hubs."""

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        """Hand one frame over; False where that hub is not connected here, or can take no more."""
        ...

    def kick(self, hub: str) -> bool:
        """Break the hub's connection without a word; False where the front cannot, or there is none."""
        ...

    def refuse(self, refusing: bool, /) -> bool:
        """From now on let no hub connect, or let them again; False where the front cannot do that."""
        ...

    def listen(self, listening: bool, /) -> bool:
        """Go away, or come back, while hubs stay connected (to a broker, which keeps what they say meanwhile).

        False where the front is what hubs are connected to, and cannot go away alone.
        """
        ...
