"""An identity and its enrolment server, from what hub.toml says and what the hub noted."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hubagent.clock import TrustedClock
from hubagent.identity.enrolment import Enrolment
from hubagent.identity.est import EstServer
from hubagent.identity.files import IdentityFiles
from hubagent.identity.https import ask
from hubagent.identity.identity import Identity
from hubagent.identity.notes import read_notes
from hubagent.identity.seal import seal_source
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.proxy import Proxy

_PORT: Final = 443


def open_identity(
    state_dir: Path,
    seal: str,
    environment: Mapping[str, str],
    wall: Callable[[], float],
    loop_time: Callable[[], float],
) -> Identity:
    """Of this machine's files; nothing is made or changed. `seal` is as [identity] seal has it."""
    files = IdentityFiles(state_dir)
    return Identity(files, seal_source(seal, environment), TrustedClock(wall, loop_time, files.clock))


def enrolment_of(identity: Identity, cloud: str | None, proxy: Proxy | None = None) -> Enrolment | None:
    """At `cloud`, else where the hub was enrolled; None where it was nowhere yet."""
    url = cloud or read_notes(identity.files).cloud
    if not url:
        return None
    return Enrolment(identity, EstServer(address_of(url), partial(ask, proxy=proxy)))


def address_of(url: str) -> Address:
    """Of `https://HOST[:PORT]`. Raises ValueError."""
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port or _PORT
    if parts.scheme != "https" or not host or parts.path.strip("/") or "@" in parts.netloc or parts.query:
        raise ValueError(f"{url!r} is not https://HOST:PORT")
    return Address(host, port)
