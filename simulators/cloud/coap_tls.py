"""The server's end of TLS on one socket.

asyncio's own keeps to itself why a handshake failed, and drops the alert that would tell the other side: a hub with an
expired certificate would see a connection that ends, and nobody would say why.
"""

import asyncio
import contextlib
import ssl
from typing import Any, Final

HANDSHAKE_TIMEOUT_S: Final = 10.0
READ_SIZE: Final = 64 * 1024

_REASONS: Final = {
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": "it has no certificate",
    "HTTP_REQUEST": "it speaks HTTP",
    "WRONG_VERSION_NUMBER": "it does not speak TLS",
    "UNSUPPORTED_PROTOCOL": "it does not speak TLS 1.3",
    "NO_SHARED_CIPHER": "it has no cipher in common with this side",
    "TLSV1_ALERT_UNKNOWN_CA": "it does not know who issued this side's certificate",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "it says that this side's certificate has expired",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "it says that this side's certificate was revoked",
    "SSLV3_ALERT_BAD_CERTIFICATE": "it does not accept this side's certificate",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "it does not accept this side's certificate",
}


class TlsServer(asyncio.Protocol):
    """What derives from it says what is done with a client that is let in."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._loop = asyncio.get_running_loop()
        self._secured = False
        self._turned_away = False
        self._reading = False
        self._deadline: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        self.host = ""
        """Where the client comes from."""

    def secured(self, certificate: dict[str, Any]) -> None:
        """The client has shown this certificate, and OpenSSL has no objection."""
        raise NotImplementedError

    def refused(self, why: str) -> None:
        """The handshake failed."""
        raise NotImplementedError

    def received(self, data: bytes) -> None:
        raise NotImplementedError

    def ended(self) -> None:
        """Said once, at the end of each connection."""
        raise NotImplementedError

    @property
    def waiting(self) -> int:
        """Bytes that the other side has not read."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        """At once; in answer to what is being read, when all of that is read: one packet for all of it."""
        if not self._secured or self._transport is None or self._transport.is_closing():
            return
        self._tls.write(data)
        if not self._reading:
            self._flush()

    def hang_up(self) -> None:
        """When all is written."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._secured:
            with contextlib.suppress(ssl.SSLError):  # The other side's own farewell is not waited for.
                self._tls.unwrap()
        self._flush()
        self._transport.close()

    def kick(self) -> None:
        """Without a word."""
        if self._transport is not None:
            self._transport.abort()

    def pause(self, pausing: bool) -> None:
        if self._transport is not None and not self._transport.is_closing():
            (self._transport.pause_reading if pausing else self._transport.resume_reading)()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.host = str((transport.get_extra_info("peername") or ("nobody",))[0])
        self._deadline = self._loop.call_later(HANDSHAKE_TIMEOUT_S, self._late)

    def data_received(self, data: bytes) -> None:
        self._reading = True
        self._incoming.write(data)
        try:
            if not self._secured and not self._shake_hands():
                return
            while data := self._tls.read(READ_SIZE):
                self.received(data)
            self.hang_up()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self.hang_up()
        finally:
            self._reading = False
            self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        if not self._secured:
            detail = "" if exc is None else f" ({exc})"
            self._turn_away(f"it broke the handshake off; it may not trust this side's certificate{detail}")
        self.ended()

    def _shake_hands(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            self._turn_away(_reason(error))
            self.hang_up()
            return False
        self._secured = True
        if self._deadline is not None:
            self._deadline.cancel()
        self.secured(dict(self._tls.getpeercert() or {}))
        return True

    def _flush(self) -> None:
        if self._outgoing.pending and self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._outgoing.read())

    def _late(self) -> None:
        self._turn_away(f"it did not finish the handshake within {HANDSHAKE_TIMEOUT_S:.0f} s")
        self.kick()

    def _turn_away(self, why: str) -> None:
        if not self._turned_away:
            self._turned_away = True
            self.refused(why)


def _reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate was refused: {error.verify_message}"
    reason = error.reason or ""
    return _REASONS.get(reason, f"TLS failed: {reason or error}")
