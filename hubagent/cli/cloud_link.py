"""How this hub reaches its cloud: identity, clock and transport, chosen by hub.toml. A part of the composition root."""

import asyncio
import logging
import os
from collections.abc import Callable
from urllib.parse import urlsplit

from hubagent.config import Config, UplinkConfig
from hubagent.identity.opening import enrolment_of, open_identity
from hubagent.identity.renewal import Renewal
from hubagent.identity.trouble import IdentityUnusable
from hubagent.runtime import Runtime
from hubagent.uplink.place import Link
from hubagent.uplink.transports.coap import make_coap
from hubagent.uplink.transports.dial import Credentials
from hubagent.uplink.transports.mqtt import make_mqtt
from hubagent.uplink.transports.port import Transport
from hubagent.uplink.transports.proxy import proxy_of

_log = logging.getLogger(__name__)


def cloud_link(runtime: Runtime, config: Config) -> Link | None:
    """None where hub.toml has no [uplink], or the hub no identity yet: the home works without, and says so."""
    if config.uplink is None:
        return None
    loop_time = asyncio.get_running_loop().time
    identity = open_identity(config.state_dir, config.identity.seal, os.environ, runtime.wall, loop_time)
    try:
        hub = identity.hub
    except IdentityUnusable as error:
        _log.warning("no uplink: %s; the home works without it", error)
        return None
    proxy = proxy_of(config.uplink.proxy) if config.uplink.proxy else None
    renewal = Renewal(
        identity, lambda: enrolment_of(identity, config.identity.cloud, proxy), runtime.rng("identity renewal")
    )
    return Link(hub, transport_to(config.uplink, identity), identity.clock, {"renew": renewal.now}, renewal.run)


def transport_to(uplink: UplinkConfig, credentials: Credentials) -> Callable[[str | None], Transport]:
    """Makes transports to the usual place, which is one and remembers what worked, or to where the other side says."""
    usual = _make(uplink, uplink.url, credentials)

    def transport(server: str | None) -> Transport:
        if server is None:
            return usual
        parts = urlsplit(uplink.url)
        return _make(uplink, parts._replace(netloc=server).geturl(), credentials)

    return transport


def _make(uplink: UplinkConfig, url: str, credentials: Credentials) -> Transport:
    if urlsplit(url).scheme == "coaps+tcp":
        return make_coap(url, credentials, proxy=uplink.proxy)
    alpn = {} if uplink.alpn is None else {"alpn": uplink.alpn}
    return make_mqtt(url, credentials, proxy=uplink.proxy, fallbacks=uplink.fallbacks, **alpn)
