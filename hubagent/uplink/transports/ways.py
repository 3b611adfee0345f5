"""The ways to a broker: its own port; 443, told apart by ALPN; WebSocket on 443; each also through a proxy.

Networks that block 8883 are common, and so are captive portals. A way is tried after another, never two at once: the
broker would take the second connection for another hub of the same name.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble
from hubagent.uplink.transports.proxy import Proxy

MQTT_PORT: Final = 8883
HTTPS_PORT: Final = 443
ALPN: Final = "mqtt"
"""IANA's; AWS IoT Core wants `x-amzn-mqtt-ca`."""
WEBSOCKET_PATH: Final = "/mqtt"
_LOST_TEXT_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a broker."""

    address: Address
    alpn: str | None = None
    websocket_path: str | None = None
    """None: MQTT straight in TLS."""
    proxy: Proxy | None = None

    @property
    def protocols(self) -> tuple[str, ...]:
        """For ALPN."""
        return () if self.alpn is None else (self.alpn,)

    def __str__(self) -> str:
        scheme = "mqtts" if self.websocket_path is None else "wss"
        alpn = f" (ALPN {self.alpn})" if self.alpn is not None else ""
        through = f" through {self.proxy}" if self.proxy is not None else ""
        return f"{scheme}://{self.address}{self.websocket_path or ''}{alpn}{through}"


def ways_of(url: str, proxy: Proxy | None = None, *, fallbacks: bool = True, alpn: str = ALPN) -> list[Way]:
    """In the order in which they are to be tried. Raises ValueError.

    `fallbacks` are those of a broker on its usual port; a URL with another port means that one.
    """
    first = _first_way(url)
    direct = [first]
    if fallbacks and first == Way(Address(first.address.host, MQTT_PORT)):
        web = Address(first.address.host, HTTPS_PORT)
        direct += [Way(web, alpn=alpn), Way(web, websocket_path=WEBSOCKET_PATH)]
    if proxy is None:
        return direct
    return direct + [Way(way.address, way.alpn, way.websocket_path, proxy) for way in direct]


def _first_way(url: str) -> Way:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{url!r} cannot be read; write mqtts://HOST or wss://HOST/mqtt") from error
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise ValueError(f"{_without_secrets(url)} is no address of a broker; write mqtts://HOST or wss://HOST/mqtt")
    if parts.scheme == "mqtts" and not parts.path.strip("/"):
        return Way(Address(parts.hostname, port or MQTT_PORT))
    if parts.scheme == "wss":
        return Way(Address(parts.hostname, port or HTTPS_PORT), websocket_path=parts.path or WEBSOCKET_PATH)
    raise ValueError(f"{url!r} is neither mqtts://HOST[:PORT] nor wss://HOST[:PORT]/PATH")


def _without_secrets(url: str) -> str:
    return repr(url.rpartition("@")[2]) if "@" in url else repr(url)


FINAL: Final = frozenset({Trouble.IDENTITY, Trouble.CERTIFICATE, Trouble.REFUSED, Trouble.REPLACED})
"""The cloud itself has spoken, or something that has its name: another way would find no better answer."""
_TELLING: Final = (
    Trouble.IDENTITY,
    Trouble.CERTIFICATE,
    Trouble.REFUSED,
    Trouble.REPLACED,
    Trouble.PORTAL,
    Trouble.PROTOCOL,
    Trouble.CLOSED,
    Trouble.SILENCE,
    Trouble.NETWORK,
    Trouble.NAME,
)
"""Of several ways that failed, which one's trouble says most."""


def all_failed(failures: list[Lost]) -> ConnectFailed:
    """What there is to say of all ways that were tried."""
    worst = min(failures, key=lambda lost: _TELLING.index(lost.trouble))
    details = list(dict.fromkeys([worst.detail, *(lost.detail for lost in failures)]))
    return ConnectFailed(Lost(worst.trouble, "; ".join(details)[:_LOST_TEXT_MAX], worst.retry_after_s, worst.server))
