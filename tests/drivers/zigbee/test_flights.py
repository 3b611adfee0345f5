import math

import pytest

from drivers.zigbee.exchange import INVALID_COMMAND, Call, Priority
from drivers.zigbee.flights import Flights, read_header
from tests.helpers.ash_pair import ECHO, command


def call(frame_id: int = ECHO) -> Call:
    return Call(command(b"", frame_id), Priority.COMMAND, lambda _answer: None)


@pytest.mark.parametrize(
    ("frame", "header"),
    [
        ("0000010500", (0x0005, 5)),
        ("369001450000", (0x0045, 5)),
        ("00900189ff", (0xFF89, 5)),
        ("000000", (0x0000, 3)),
        ("0080000d023074", (0x0000, 3)),
        ("00805830", (0x0058, 3)),
        ("00800100", (0x0001, 3)),
    ],
)
def test_the_header_is_read_in_both_its_forms(frame: str, header: tuple[int, int]) -> None:
    assert read_header(bytes.fromhex(frame)) == header


def test_every_command_gets_the_next_number_and_no_number_is_used_twice_at_a_time() -> None:
    flights = Flights()
    first = call()
    assert flights.begin(first, 1.0)[0] == 0
    for number in range(1, 256):
        other = call()
        assert flights.begin(other, 1.0)[0] == number
        assert flights.answered(number, ECHO) is other
    assert flights.begin(call(), 1.0)[0] == 1
    assert flights.answered(0, ECHO) is first


def test_a_response_with_the_wrong_number_or_identifier_is_nobodys() -> None:
    flights = Flights()
    one = call()
    flights.begin(one, 1.0)
    assert flights.answered(1, ECHO) is None
    assert flights.answered(0, ECHO + 1) is None
    assert one in flights
    assert flights.answered(0, INVALID_COMMAND) is one
    assert flights.answered(0, ECHO) is None
    assert one not in flights


def test_each_is_overdue_at_its_own_time_and_once() -> None:
    flights = Flights()
    slow, fast = call(), call()
    flights.begin(slow, 20.0)
    flights.begin(fast, 10.0)
    assert flights.next_deadline() == 10.0
    assert flights.take_overdue(9.9) is None
    assert flights.take_overdue(10.0) is fast
    assert flights.take_overdue(10.0) is None
    assert flights.next_deadline() == 20.0
    assert flights.end() == [slow]
    assert flights.next_deadline() == math.inf
