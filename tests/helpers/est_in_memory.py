"""An enrolment server behind real TLS, without a socket: for tests in virtual time, over years."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hubagent.identity.est import EstServer
from hubagent.identity.https import Answer, Request
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import Credentials, CredentialsUnusable, PeerRefused
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble
from hubagent.uplink.transports.tls_trouble import lost_by
from simulators.cloud.ca import Issued, server_context
from simulators.cloud.est import EnrolmentServer
from tests.helpers.tls_handshake import shake_hands

ADDRESS = Address("localhost", 8443)


@dataclass
class InMemory:
    """Dates of hubs' certificates are judged by the server's clock, not by the machine's."""

    folder: Path
    server: EnrolmentServer
    shown: Callable[[], Issued] | None = None
    """What the server shows; else a fresh certificate of its authority."""
    away: bool = False
    loses_answers: int = 0
    """So many answers to a wish for a certificate are lost."""
    asked: list[str] = field(default_factory=list)

    def est(self) -> EstServer:
        return EstServer(ADDRESS, self.ask)

    async def ask(self, address: Address, credentials: Credentials, request: Request) -> Answer:
        if self.away:
            raise ConnectFailed(Lost(Trouble.NETWORK, f"{address} cannot be reached: no route to host"))
        shown = self.shown() if self.shown is not None else self.server.authority.server()
        certificate, key = shown.write(self.folder, "est")
        context = server_context(certificate, key, self.server.trusted_pem, required=False)
        context.verify_flags |= ssl.VerifyFlags(0x200000)
        try:
            shaken = shake_hands(credentials.client_context(), context, address.host)
        except CredentialsUnusable as error:
            raise ConnectFailed(Lost(Trouble.IDENTITY, str(error))) from error
        if shaken.client_error is not None:
            raise ConnectFailed(lost_by(shaken.client_error, str(address)))
        try:
            credentials.check(shaken.client)
        except PeerRefused as refused:
            raise ConnectFailed(Lost(Trouble.CERTIFICATE, f"{address} is not trusted: {refused.detail}")) from refused
        peer = shaken.server.getpeercert(binary_form=True)
        self.asked.append(request.path.rpartition("/")[2])
        response = self.server.handle(request.method, request.path, request.headers, request.body, peer, "192.0.2.1")
        if self.loses_answers and request.method == "POST":
            self.loses_answers -= 1
            raise ConnectFailed(Lost(Trouble.NETWORK, f"{address} broke the connection off"))
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, response.body)
