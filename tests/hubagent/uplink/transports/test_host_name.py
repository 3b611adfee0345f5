"""What can be a host, and what cannot."""

import pytest

from hubagent.uplink.transports.host_name import is_host, is_ipv6


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "broker.example",
        "broker.example.",
        "my_broker",
        "192.0.2.1",
        "::1",
        "fe80::1%eth0",
        "::ffff:192.0.2.1",
        "bücher.example",
        "x" * 63 + ".example",
        ".".join(["x" * 61] * 4) + ".xx",
    ],
)
def test_a_name_or_an_address_is_a_host(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "....",
        "a..b",
        ".example",
        "example..",
        "x" * 64,
        "x" * 100 + ".example",
        ".".join(["x" * 61] * 4) + ".xxxxxxxx",
        ":::",
        "[::1]",
        "1::2::3",
        "a b",
        "a\0b",
        "user@host",
        "host:1",
        "ü" * 60,
    ],
)
def test_what_no_resolver_can_be_asked_for_is_none(host: str) -> None:
    assert not is_host(host)


@pytest.mark.parametrize(("host", "it_is"), [("::1", True), ("192.0.2.1", False), (":::", False), ("name", False)])
def test_brackets_are_for_ipv6(host: str, *, it_is: bool) -> None:
    assert is_ipv6(host) is it_is
