"""A port that cannot be listened on, said so that a person knows what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class PortTaken(Exception):
    """Nobody can listen there; says why, and what to do."""


@contextmanager
def said_plainly(host: str, port: int, what: str) -> Iterator[None]:
    """While a server of `what` begins to listen. Raises PortTaken."""
    try:
        yield
    except OSError as error:
        raise PortTaken(f"{host}:{port} {_why(error, what)}") from error


def _why(error: OSError, what: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"is taken: another {what} may run already; end it, or choose another port"
    if error.errno == errno.EACCES:
        return "may not be listened on: choose a port from 1024 on"
    if error.errno == errno.EADDRNOTAVAIL:
        return "is not this machine's: choose an address that it has"
    return f"cannot be listened on: {error.strerror or error}"
