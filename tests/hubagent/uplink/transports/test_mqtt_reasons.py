"""Where a broker says to go: followed where it can be a place at all."""

from urllib.parse import urlsplit

import pytest

from hubagent.uplink.transports.mqtt_reasons import lost_by_reason
from hubagent.uplink.transports.ways import ways_of

USE_ANOTHER = 0x9C


def server_of(reference: str) -> str | None:
    return lost_by_reason(USE_ANOTHER, "use another server", reference, None).server


@pytest.mark.parametrize(
    "reference",
    [
        "[....]:8883",
        "[:::]",
        "[1::2::3]:8883",
        "[192.0.2.1]:8883",
        "a..b",
        ".example:8883",
        "....",
        "x" * 100,
        "x" * 64 + ".example:8883",
        ".".join(["x" * 63] * 4),
    ],
)
def test_what_looks_like_a_host_and_can_be_none_is_not_followed(reference: str) -> None:
    assert server_of(reference) is None


@pytest.mark.parametrize(
    "reference",
    ["broker.example", "broker.example.:8883", "192.0.2.1:1883", "[::1]", "[::ffff:192.0.2.1]:8883", "x" * 63 + ":1"],
)
def test_to_what_can_be_a_host_there_is_a_way(reference: str) -> None:
    assert server_of(reference) == reference
    assert ways_of(urlsplit("mqtts://cloud.example")._replace(netloc=reference).geturl())
