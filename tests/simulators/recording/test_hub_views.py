import io
import json
from typing import Any

import pytest

from simulators.recording.hub_views import LINE_BYTES_MAX, BadView, Known, devices_in, view_of, views_in

REPORTED = {
    "event": "reported",
    "device": "zwave-1-5",
    "name": "hall.light",
    "capability": "on_off",
    "attribute": "on",
    "value": True,
    "cause": None,
    "latency_ms": None,
    "n": 7,
    "t": 1_800_000_000.5,
}


def test_a_line_of_watch_is_taken_for_what_it_is() -> None:
    view = view_of(REPORTED)
    assert (view.event, view.t, view.device, view.name) == ("reported", 1_800_000_000.5, "zwave-1-5", "hall.light")
    assert (view.attribute, view.value, view.cause) == ("on", True, "")
    nameless = view_of({**REPORTED, "name": None})
    assert nameless.name == "zwave-1-5"
    driver = view_of({"event": "driver", "device": None, "name": None, "t": 0, "condition": "ready"})
    assert driver.device == ""


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ([], "no line of `hubagent watch --jsonl`"),
        ({"t": 1}, "no line of `hubagent watch --jsonl`"),
        ({**REPORTED, "t": "now"}, "t is in Unix seconds, not 'now'"),
        ({**REPORTED, "t": True}, "t is in Unix seconds"),
        ({**REPORTED, "t": float("inf")}, "t is in Unix seconds"),
        ({**REPORTED, "t": 1e300}, "t is in Unix seconds"),
        ({**REPORTED, "device": 5}, "device is a short text or null"),
        ({**REPORTED, "name": "x" * 201}, "name is a short text or null"),
        ({**REPORTED, "attribute": ["on"]}, "attribute is a short text or null"),
    ],
)
def test_what_is_no_line_of_watch_is_refused_in_words(table: Any, complaint: str) -> None:
    with pytest.raises(BadView) as refused:
        view_of(table)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"nonsense", "line 3: that is no JSON"),
        (b"[" * 20_000, "line 3: that is no JSON"),
        (b"{}", "line 3: that is no line of"),
        (b" " * (LINE_BYTES_MAX + 1), f"line 3: it has more than {LINE_BYTES_MAX} bytes"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(line: bytes, complaint: str) -> None:
    lines = io.BytesIO(json.dumps(REPORTED).encode() + b"\n\n" + line + b"\n")
    views = views_in(lines)
    assert next(views).device == "zwave-1-5"
    with pytest.raises(BadView) as refused:
        next(views)
    assert complaint in str(refused.value)


def test_devices_come_with_their_parts() -> None:
    strip = {
        "id": "zigbee-ab",
        "name": "porch.strip",
        "capabilities": {"on_off": {"on": True}, "power_source": {}},
        "endpoints": {"1": {"id": "zigbee-ab/1", "name": "porch.strip/1", "capabilities": {"on_off": {"on": None}}}},
    }
    assert list(devices_in({"devices": [strip]})) == [
        Known("zigbee-ab", "porch.strip", {"on": True}),
        Known("zigbee-ab/1", "porch.strip/1", {"on": None}),
    ]
