"""MQTT 5 over mutual TLS: frames as QoS 1 messages on `hub/<id>/up/...`, heard on `hub/<id>/dn/...`.

QoS 1 for all of them: not that a PUBACK would prove anything (the cloud's own Ack does), but so that the broker keeps
what comes while the consumer restarts, and that what it refuses is known. paho-mqtt encodes and decodes
(`paho_engine`); the ways, TLS, time-outs and what all of it means are here and in `mqtt_connection`.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from hubagent.uplink.transports.dial import Credentials, dial, refusal_of
from hubagent.uplink.transports.mqtt_connection import MqttConnection
from hubagent.uplink.transports.port import (
    CONNECT_TIMEOUT_S,
    ConnectFailed,
    Connection,
    Ear,
    Farewell,
    Lost,
    Trouble,
)
from hubagent.uplink.transports.proxy import proxy_of
from hubagent.uplink.transports.ways import ALPN, FINAL, Way, all_failed, ways_of
from hubagent.uplink.transports.websocket import WebSocket

WAY_PATIENCE_S: Final = 5.0
"""So long one of several ways may take; more each time that none of them worked."""


class MqttTransport:
    """Connections to one broker, one at a time, by whichever way works."""

    def __init__(self, ways: Sequence[Way], credentials: Credentials) -> None:
        assert ways
        self._ways = tuple(ways)
        self._credentials = credentials
        self._next = 0
        self._patience_s = WAY_PATIENCE_S
        self._last: MqttConnection | None = None

    @property
    def way(self) -> Way:
        """The way that worked last, and is tried first next time; or the next one to be tried."""
        return self._ways[self._next]

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        await self.closed()
        deadline = asyncio.get_running_loop().time() + CONNECT_TIMEOUT_S
        failures: list[Lost] = []
        for count in range(len(self._ways), 0, -1):
            remaining = deadline - asyncio.get_running_loop().time()
            patience = remaining if count == 1 else min(self._patience_s, remaining)
            try:
                return await self._connect(self.way, patience, ear, farewell)
            except ConnectFailed as failed:
                failures.append(failed.lost)
            if failures[-1].trouble in FINAL:
                break
            self._try_another_next()
            if deadline <= asyncio.get_running_loop().time():
                break
        raise all_failed(failures)

    async def closed(self) -> None:
        if self._last is not None:
            await self._last.gone()

    async def _connect(self, way: Way, patience_s: float, ear: Ear, farewell: Farewell) -> MqttConnection:
        connection = self._last = MqttConnection(self._credentials.hub, str(way), ear, farewell)
        try:
            async with asyncio.timeout(patience_s):
                try:
                    await self._open(connection, way)
                except ConnectFailed as failed:
                    raise await self._explained(failed, connection, way) from failed
        except TimeoutError as error:
            connection.abort()
            raise ConnectFailed(Lost(Trouble.NETWORK, f"{way} did not answer in {patience_s:.0f} s")) from error
        except BaseException:
            connection.abort()
            raise
        self._patience_s = WAY_PATIENCE_S
        return connection

    async def _open(self, connection: MqttConnection, way: Way) -> None:
        connection.carried_by(
            await dial(
                lambda: _stack(connection, way), way.address, self._credentials, alpn=way.protocols, proxy=way.proxy
            )
        )
        await connection.opened()

    async def _explained(self, failed: ConnectFailed, connection: MqttConnection, way: Way) -> ConnectFailed:
        """Where the broker ended it before its first word: perhaps it did say why."""
        if failed.lost.trouble not in {Trouble.NETWORK, Trouble.CLOSED} or not connection.unheard:
            return failed
        refusal = await refusal_of(way.address, self._credentials, alpn=way.protocols, proxy=way.proxy)
        return failed if refusal is None else ConnectFailed(refusal)

    def _try_another_next(self) -> None:
        self._next = (self._next + 1) % len(self._ways)
        if self._next == 0:
            # Perhaps none is blocked, but the network is slow.
            self._patience_s = min(2 * self._patience_s, CONNECT_TIMEOUT_S)


def make_mqtt(
    url: str,
    credentials: Credentials,
    *,
    proxy: str | None = None,
    fallbacks: bool = True,
    alpn: str = ALPN,
    first: str | None = None,
) -> MqttTransport:
    """By URL: `mqtts://HOST[:PORT]` or `wss://HOST[:PORT]/PATH`; `proxy` is one too. Raises ValueError.

    `first` is the way that worked last time, as `str(transport.way)` said it.
    """
    ways = ways_of(url, None if proxy is None else proxy_of(proxy), fallbacks=fallbacks, alpn=alpn)
    ways.sort(key=lambda way: str(way) != first)
    return MqttTransport(ways, credentials)


def _stack(connection: MqttConnection, way: Way) -> asyncio.Protocol:
    if way.websocket_path is None:
        return connection
    return WebSocket(connection, way.address, way.websocket_path)
