"""The cloud as a client of an MQTT broker: hears all hubs, speaks to each.

Written on paho's own loop and real sockets, not on the hub's adapter, so that the two cannot share a
mistake. Connecting blocks for as long as the broker beside it takes; after that everything is the loop's.
"""

import asyncio
import contextlib
import functools
import socket
import ssl
from collections import deque
from typing import Any, Final, cast

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from hubagent.uplink.message.channel import Down
from simulators.cloud.front import Receiver

CONNECT_TIMEOUT_S: Final = 1.0
"""So long everything else waits for a broker that takes a connection and then says nothing."""
RETRY_S: Final = 0.25
"""A broker that was restarted is looked for so often."""
RETRY_SILENT_S: Final = 2.0
"""And one that says nothing so seldom."""
KEEP_ALIVE_S: Final = 10
SESSION_EXPIRY_S: Final = 24 * 3600
"""So long the broker keeps what hubs said while this was away."""
RECEIVE_MAXIMUM: Final = 1000
IN_FLIGHT_MAX: Final = 100
"""What `broker.render_conf` has the broker take; paho does not heed the broker's own word."""
QUEUED_MAX: Final = 10_000
EXPIRY_S: Final = {Down.ACK: 30, Down.COMMAND: 60, Down.DESIRED: 60, Down.JOB: 60}
"""What a hub has not heard by then is made anew when it says Hello."""
_REFUSED_FROM: Final = 0x80


class MqttFront:
    """One connection to the broker, begun again whenever it ends. Made on a running loop."""

    def __init__(
        self,
        host: str,
        port: int,
        context: ssl.SSLContext,
        receiver: Receiver,
        *,
        client: str = "cloud",
        share: str | None = None,
        keep_alive_s: int = KEEP_ALIVE_S,
    ) -> None:
        """`share`: the group of consumers that this is one of; each frame goes to one of them."""
        self._address = (host, port)
        self._receiver = receiver
        self._keep_alive_s = keep_alive_s
        self._filter = "hub/+/up/#" if share is None else f"$share/{share}/hub/+/up/#"
        self._loop = asyncio.get_running_loop()
        self._retry: asyncio.TimerHandle | None = None
        self._upkeep: asyncio.TimerHandle | None = None
        self._granted = asyncio.Event()
        self._deaf = asyncio.Event()
        self._away = True
        self._heard: deque[tuple[str, str, bytes]] = deque()
        self._client = self._make_client(client, context)
        self.refused = 0
        """Messages that the broker said no to, or had nobody to give to."""

    async def listening(self) -> None:
        """Until the broker has said that it will tell us."""
        await self._granted.wait()

    async def deaf(self) -> None:
        """Until that is over."""
        await self._deaf.wait()

    @property
    def is_listening(self) -> bool:
        return self._granted.is_set()

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        """False where it cannot even be handed to the broker."""
        if not self._granted.is_set():
            return False
        topic = f"hub/{hub}/dn/{channel.value}"
        sent = self._client.publish(topic, payload, qos=1, properties=_expiring(EXPIRY_S[channel]))
        self._write()
        return sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def kick(self, hub: str) -> bool:  # noqa: ARG002 - the port's
        """Only the broker could."""
        return False

    def refuse(self, refusing: bool, /) -> bool:  # noqa: ARG002 - the port's
        """Only the broker could."""
        return False

    def listen(self, listening: bool, /) -> bool:
        """Connect, or go away; the broker keeps what hubs say meanwhile."""
        if listening and self._away:
            self._away = False
            self._connect()
        elif not listening and not self._away:
            self._away = True
            self._lose()
            self._client.disconnect()
            self._write()
            self._forget_timers()
        return True

    def close(self) -> None:
        self.listen(False)

    def _make_client(self, name: str, context: ssl.SSLContext) -> Client:
        client = _TlsClient(name, self._address, context)
        client.max_inflight_messages_set(IN_FLIGHT_MAX)
        client.max_queued_messages_set(QUEUED_MAX)
        client.on_socket_open = self._socket_opened
        client.on_socket_close = self._socket_closes
        client.on_socket_register_write = self._wants_to_write
        client.on_socket_unregister_write = self._wants_to_write_no_more
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_message = self._message
        client.on_publish = self._published
        client.on_disconnect = self._disconnected
        return client

    # Connecting.

    def _connect(self) -> None:
        properties = _properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        try:
            self._client.connect(
                *self._address, keepalive=self._keep_alive_s, clean_start=cast("Any", False), properties=properties
            )
        except TimeoutError:
            self._try_later(RETRY_SILENT_S)
            return
        except OSError:
            self._try_later(RETRY_S)
            return
        self._write()
        self._keep_up()

    def _lose(self) -> None:
        self._granted.clear()
        self._deaf.set()

    def _try_later(self, seconds: float) -> None:
        self._lose()
        if not self._away and self._retry is None:
            self._retry = self._loop.call_later(seconds, self._try_again)

    def _try_again(self) -> None:
        self._retry = None
        self._connect()

    def _keep_up(self) -> None:
        """paho's own keepalive, asked now and then."""
        self._client.loop_misc()
        self._write()
        if self._upkeep is not None:
            self._upkeep.cancel()
        self._upkeep = self._loop.call_later(self._keep_alive_s / 4, self._keep_up)

    def _forget_timers(self) -> None:
        for timer in (self._retry, self._upkeep):
            if timer is not None:
                timer.cancel()
        self._retry = self._upkeep = None

    # The socket.

    def _socket_opened(self, _c: Client, _u: object, opened: Any) -> None:
        self._loop.add_reader(opened, self._readable, opened)

    def _socket_closes(self, _c: Client, _u: object, closing: Any) -> None:
        self._loop.remove_reader(closing)
        self._loop.remove_writer(closing)

    def _wants_to_write(self, _c: Client, _u: object, _s: Any) -> None:
        """paho says so before each packet; it is written at once by whoever made it (`_write`)."""

    def _wants_to_write_no_more(self, _c: Client, _u: object, done: Any) -> None:
        self._loop.remove_writer(done)

    def _readable(self, readable: ssl.SSLSocket) -> None:
        self._client.loop_read()
        # What TLS has decrypted already makes no socket readable any more.
        while self._client.socket() is readable and readable.pending():
            self._client.loop_read()
        self._write()
        # Not from inside paho's callbacks: it holds a lock there that sending takes.
        while self._heard:
            self._receiver.received(*self._heard.popleft())

    def _write(self) -> None:
        self._client.loop_write()
        opened = self._client.socket()
        if opened is not None and self._client.want_write():
            self._loop.add_writer(cast("Any", opened), self._write)

    # What the broker says.

    def _connected(self, client: Client, _u: object, _f: ConnectFlags, code: ReasonCode, _p: object) -> None:
        if code.value < _REFUSED_FROM:
            client.subscribe(self._filter, qos=1)

    def _subscribed(self, _c: Client, _u: object, _number: int, codes: list[ReasonCode], _p: object) -> None:
        if all(code.value < _REFUSED_FROM for code in codes):
            self._granted.set()
            self._deaf.clear()

    def _message(self, _c: Client, _u: object, message: MQTTMessage) -> None:
        try:
            root, hub, up, channel = message.topic.split("/", 3)
        except (UnicodeDecodeError, ValueError):
            return
        if root == "hub" and up == "up":
            self._heard.append((hub, channel, bytes(message.payload)))

    def _published(self, _c: Client, _u: object, _number: int, code: ReasonCode, _p: object) -> None:
        self.refused += code.value != 0

    def _disconnected(self, _c: Client, _u: object, _f: DisconnectFlags, _code: ReasonCode, _p: object) -> None:
        self._try_later(RETRY_S)


class _TlsClient(Client):
    """paho's own way to a TLS socket leaves it open when the handshake fails (2.2.0)."""

    def __init__(self, name: str, address: tuple[str, int], context: ssl.SSLContext) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False
        )
        self._broker = address
        self._tls = context

    def _create_socket(self) -> Any:
        with contextlib.ExitStack() as stack:
            plain = stack.enter_context(socket.create_connection(self._broker, CONNECT_TIMEOUT_S))
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            secured = stack.enter_context(self._tls.wrap_socket(plain, server_hostname=self._broker[0]))
            stack.pop_all()
        return secured


@functools.cache
def _expiring(seconds: int) -> Any:
    properties = _properties(PacketTypes.PUBLISH)
    properties.MessageExpiryInterval = seconds
    return properties


def _properties(packet_type: int) -> Any:
    return Properties(packet_type)  # type: ignore[no-untyped-call]  # paho has annotations for the client only
