"""Where the page of a live world is, as `sim up --page` says it."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

AUTO: Final = "auto"
OFF: Final = "off"
LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8090


@dataclass(frozen=True, slots=True)
class PagePlace:
    host: str
    port: int
    """0: any that is free."""
    insists: bool
    """Whether somebody wants this port; else another one will do."""

    @property
    def only_here(self) -> bool:
        """Whether nobody reaches it but from this machine."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def page_place(text: str) -> PagePlace | None:
    """None where no page is wanted. Raises ValueError."""
    if text == OFF:
        return None
    if text == AUTO:
        return PagePlace(LOOPBACK, PORT, insists=False)
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not colon or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{text!r} is neither HOST:PORT, as {LOOPBACK}:{PORT}, nor {AUTO}, nor {OFF}")
    return PagePlace(host, int(port), insists=True)
