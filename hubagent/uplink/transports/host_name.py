"""What can be a host's name at all: looked at before anybody is asked for it. Whether there is such a host is DNS's.

A resolver and OpenSSL answer what can be none with errors of their own, which are no network's trouble.
"""

import ipaddress
import re
from typing import Final

NAME_MAX: Final = 253
"""Letters of a whole name: 255 octets with the lengths before its labels (RFC 1035, section 2.3.4)."""
_LABEL: Final = re.compile(rb"[A-Za-z0-9_-]{1,63}")
"""With underscores, which DNS has in no host's name and which home networks have in many."""


def is_host(host: str) -> bool:
    """An address without brackets, or a name whose labels DNS can ask for, once they are its letters (RFC 5891)."""
    return is_address(host) or _is_name(host)


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_ipv6(host: str) -> bool:
    return ":" in host and is_address(host)


def _is_name(host: str) -> bool:
    try:
        name = host.encode("idna").removesuffix(b".")
    except UnicodeError:
        return False
    return len(name) <= NAME_MAX and all(_LABEL.fullmatch(label) for label in name.split(b"."))
