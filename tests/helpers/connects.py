"""Whether a hub and a server of the cloud's take each other, as the uplink would find out."""

import ssl
from pathlib import Path

from hubagent.identity.identity import Identity
from hubagent.uplink.transports.dial import CredentialsUnusable, PeerRefused
from hubagent.uplink.transports.tls_trouble import lost_by
from simulators.cloud.ca import Authority, Issued, server_context
from tests.helpers.tls_handshake import shake_hands

NO_CHECK_TIME = 0x200000


def connects(
    identity: Identity,
    authority: Authority,
    folder: Path,
    *,
    shown: Issued | None = None,
    crl: bytes | None = None,
    name: str = "localhost",
) -> str:
    """What went wrong in plain words; empty where nothing did. The server looks at no dates."""
    certificate, key = (shown or authority.server()).write(folder, "server")
    server = server_context(certificate, key, authority.anchors_pem, crl)
    server.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME)
    try:
        shaken = shake_hands(identity.client_context(), server, name)
        if shaken.client_error is None:
            identity.check(shaken.client)
    except (CredentialsUnusable, PeerRefused) as error:
        return str(error)
    failed = shaken.client_error or shaken.server_error
    return lost_by(failed, name).detail if failed is not None else ""
