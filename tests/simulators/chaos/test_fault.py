"""A fault is one word: what is printed is what is read."""

import pytest

from simulators.chaos.fault import BadFault, Fault, parse_fault, rounded

WORDS = (
    "air.loss@120-180:on=zigbee,rate=0.3",
    "host.kill@300:on=hub",
    "device.reboot@12.5-14.5:on=hall.light,comes_back=off,moved=true",
    "clock.step@1234-2000:on=hub,seconds=86400,back=true",
    "wire.unplug@0-5:on=zwave,seconds=5.25",
)


@pytest.mark.parametrize("word", WORDS)
def test_what_is_printed_is_what_was_read(word: str) -> None:
    assert str(parse_fault(word, 3)) == word
    assert parse_fault(word, 3).number == 3


def test_the_word_says_all_of_it() -> None:
    assert parse_fault("air.loss@120-180:on=zigbee,rate=0.3", 0) == Fault(
        "air.loss", 0, 120.0, 180.0, "zigbee", {"rate": 0.3}
    )


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("air.loss", "is no fault; one is written NAME@START-END"),
        ("air.loss@120", "does not say what it strikes"),
        ("air.loss@180-120:on=zigbee", "ends before it starts"),
        ("air.loss@1.2.3:on=zigbee", "are no times"),
        ("air.loss@1-2:on=zigbee,rate", "'rate' is no OPTION=VALUE"),
        ("air.loss@1-2:on=zigbee,on=zwave", "stands there twice"),
        ("air.loss@1-2:on=", "is no OPTION=VALUE|does not say"),
        ("AIR@1-2:on=zigbee", "is no fault"),
    ],
)
def test_a_word_that_is_no_fault_is_refused_with_the_reason(word: str, why: str) -> None:
    with pytest.raises(BadFault, match=why):
        parse_fault(word, 0)


@pytest.mark.parametrize("value", [0.123456789, 3599.9999, 1e-7, 5, True, "word"])
def test_a_rounded_value_is_printed_without_a_loss(value: float | bool | str) -> None:
    fault = Fault("x.y", 0, 1.0, 2.0, "z", {"it": rounded(value)})
    assert parse_fault(str(fault), 0) == fault
