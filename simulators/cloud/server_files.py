"""The certificates that the cloud's own servers show, and the lists by which they judge hubs, as files in its folder.

Made anew at each start, each day, and whenever a certificate is revoked: so nothing of it ever grows old.
"""

import ssl
from pathlib import Path
from typing import Final

from simulators.cloud.broker import CONSUMER
from simulators.cloud.ca import Authority, server_context

LOCAL_NAMES: Final = ("localhost",)
LOCAL_ADDRESSES: Final = ("127.0.0.1", "::1")


class ServerFiles:
    """`host` is where the servers listen: they are reached under that name, too."""

    def __init__(self, folder: Path, authority: Authority, host: str) -> None:
        self.anchors = folder / "anchors.pem"
        """What hubs must trust: give it to `hubagent provision --anchor`."""
        self.crl = folder / "revoked.crl"
        self.certificate, self.key = folder / "server.pem", folder / "server.key"
        self._folder = folder
        self._authority = authority
        names, addresses = set(LOCAL_NAMES), set(LOCAL_ADDRESSES)
        (addresses if _is_address(host) else names).add(host)
        self._names, self._addresses = sorted(names), sorted(addresses)
        self.renew()

    def renew(self) -> None:
        """New certificates and lists."""
        self.anchors.write_bytes(self._authority.anchors_pem)
        self._authority.server(self._names, self._addresses).write(self._folder, "server")
        self.renew_crl()

    def renew_crl(self) -> None:
        self.crl.write_bytes(self._authority.crl_pem())

    def hub_context(self) -> ssl.SSLContext:
        """For a server of hubs: nobody without a certificate of ours that counts."""
        return server_context(self.certificate, self.key, self._authority.anchors_pem, self._authority.crl_pem())

    def enrolment_context(self, trusted: bytes) -> ssl.SSLContext:
        """For the enrolment server: a hub may have no certificate yet."""
        return server_context(self.certificate, self.key, trusted, required=False)

    def client_context(self, name: str = CONSUMER) -> ssl.SSLContext:
        """For the cloud's own program as a client of its broker; with another name, for who takes a hub's place."""
        certificate, key = self._authority.hub_with_key(name).write(self._folder / "clients", name)
        context = ssl.create_default_context(cafile=str(self.anchors))
        context.load_cert_chain(certificate, key)
        key.unlink()
        return context


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()
