"""One TLS handshake in memory: what each side says of it, without a socket."""

import ssl
from dataclasses import dataclass


@dataclass
class Shaken:
    """Both ends after the handshake and one byte each way."""

    client: ssl.SSLObject
    server: ssl.SSLObject
    client_error: ssl.SSLError | None = None
    server_error: ssl.SSLError | None = None


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> Shaken:
    """In TLS 1.3 the client is done before the server has looked at its certificate: only the byte tells."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    shaken = Shaken(
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    )
    said: dict[str, bool] = {}
    for _ in range(10):
        if shaken.client_error is None:
            shaken.client_error = _step(shaken.client, said, "client")
        if shaken.server_error is None:
            shaken.server_error = _step(shaken.server, said, "server")
    return shaken


def _step(end: ssl.SSLObject, said: dict[str, bool], who: str) -> ssl.SSLError | None:
    try:
        end.do_handshake()
        if not said.get(who):
            end.write(b"!")
            said[who] = True
        end.read(1)
    except ssl.SSLWantReadError:
        return None
    except ssl.SSLError as error:
        return error
    return None
