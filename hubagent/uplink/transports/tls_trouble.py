"""What went wrong with a connection, from the exception that asyncio or OpenSSL raised, in words for people.

OpenSSL's own texts ("tlsv13 alert certificate required") say what happened on the wire and not what to do.
"""

import os
import socket
import ssl
from typing import Final

from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble

_UNKNOWN_ISSUER: Final = (
    "nobody whom the hub trusts issued its certificate: a captive portal or a filter answers in the cloud's place, "
    "or the hub's trust anchors are not this cloud's"
)
_REFUSALS: Final = {
    2: (Trouble.PORTAL, _UNKNOWN_ISSUER),
    3: (Trouble.CERTIFICATE, "the hub has no list of revoked certificates for its issuer"),
    9: (Trouble.CERTIFICATE, "its certificate is not valid yet: see whether the hub's clock is right"),
    10: (Trouble.CERTIFICATE, "its certificate has expired: see whether the hub's clock is right"),
    11: (
        Trouble.CERTIFICATE,
        "the list of revoked certificates is not valid yet: see whether the hub's clock is right",
    ),
    12: (Trouble.CERTIFICATE, "the list of revoked certificates has expired"),
    18: (Trouble.PORTAL, _UNKNOWN_ISSUER),
    19: (Trouble.PORTAL, _UNKNOWN_ISSUER),
    20: (Trouble.PORTAL, _UNKNOWN_ISSUER),
    21: (Trouble.PORTAL, _UNKNOWN_ISSUER),
    23: (Trouble.CERTIFICATE, "its certificate was revoked"),
    26: (Trouble.CERTIFICATE, "its certificate is not one for a server"),
    62: (Trouble.CERTIFICATE, "its certificate is for another name"),
    64: (Trouble.CERTIFICATE, "its certificate is for another address"),
}
"""By OpenSSL's X509_V_ERR_* (x509_vfy.h), why we refused the other side's certificate."""

_ALERTS: Final = {
    "ALERT_CERTIFICATE_REQUIRED": "it got none",
    "ALERT_CERTIFICATE_EXPIRED": "it has expired",
    "ALERT_CERTIFICATE_REVOKED": "it was revoked",
    "ALERT_UNKNOWN_CA": "it does not know who issued it",
    "ALERT_BAD_CERTIFICATE": "it is damaged, not valid yet, or not what it takes",
    "ALERT_UNSUPPORTED_CERTIFICATE": "it is not of a kind that it takes",
    "ALERT_CERTIFICATE_UNKNOWN": "it does not say why",
    "ALERT_ACCESS_DENIED": "it is not let in",
    "ALERT_DECRYPT_ERROR": "its key does not match",
}
"""By the end of OpenSSL's name for the alert (RFC 8446, section 6.2), why the other side refused ours."""

_TEXT_MAX: Final = 200
_NOT_TLS: Final = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "RECORD_LAYER_FAILURE")
_OLD_TLS: Final = ("UNSUPPORTED_PROTOCOL", "ALERT_PROTOCOL_VERSION")
_CUT: Final = ("UNEXPECTED_EOF_WHILE_READING", "EOF_OCCURRED")


def lost_by(error: BaseException | None, peer: str) -> Lost:
    """Why the connection to `peer` failed or ended; `error` is what `connection_lost` or a connect was given."""
    if error is None:
        return Lost(Trouble.CLOSED, f"{peer} closed the connection")
    if isinstance(error, ConnectFailed):
        return error.lost
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate_refused(error, peer)
    if isinstance(error, ssl.SSLError):
        return _tls_failed(error, peer)
    if isinstance(error, socket.gaierror):
        return Lost(Trouble.NAME, f"the name {peer} could not be resolved ({error.strerror}): see the hub's DNS")
    if isinstance(error, TimeoutError):
        return Lost(Trouble.NETWORK, f"{peer} did not answer in time")
    if isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        return Lost(Trouble.NETWORK, f"the connection to {peer} was broken off")
    return Lost(Trouble.NETWORK, f"{peer} cannot be reached: {reason_of(error)}")


def _certificate_refused(error: ssl.SSLCertVerificationError, peer: str) -> Lost:
    plain = f"its certificate was refused ({error.verify_message})"
    trouble, detail = _REFUSALS.get(error.verify_code, (Trouble.CERTIFICATE, plain))
    return Lost(trouble, f"{peer} is not trusted: {detail}")


def _tls_failed(error: ssl.SSLError, peer: str) -> Lost:
    reason = str(error.reason or "").replace(" ", "_").upper()
    for alert, detail in _ALERTS.items():
        if reason.endswith(alert):
            return Lost(Trouble.IDENTITY, f"{peer} refused the hub's certificate: {detail}")
    if reason.endswith("ALERT_HANDSHAKE_FAILURE"):
        return Lost(Trouble.PROTOCOL, f"{peer} and the hub have no cipher in common")
    if reason.endswith(_OLD_TLS):
        return Lost(Trouble.PROTOCOL, f"{peer} does not speak TLS 1.3")
    if reason in _NOT_TLS:
        return Lost(Trouble.PORTAL, f"what answers as {peer} does not speak TLS: a captive portal, or the wrong port")
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError) or reason in _CUT:
        return Lost(Trouble.NETWORK, f"the connection to {peer} was broken off")
    return Lost(Trouble.PROTOCOL, f"TLS with {peer} failed: {(reason or str(error))[:_TEXT_MAX]}")


def reason_of(error: BaseException) -> str:
    """In the operating system's words, where it is its error: asyncio has others, that say less."""
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return str(error)[:_TEXT_MAX] or type(error).__name__
