"""What a notification means. The bytes themselves are in tests/vectors/zwave/notification.toml."""

import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.notification import Event, NotificationReport
from drivers.zwave.command_classes.notification_events import (
    EVENTS,
    IDLE,
    AccessControlEvent,
    HomeSecurityEvent,
    NotificationType,
)


def test_every_notification_type_has_its_events() -> None:
    assert set(EVENTS) == set(NotificationType)


def test_no_event_is_idle() -> None:
    assert all(IDLE not in set(events) for events in EVENTS.values())


def test_idle_says_which_event_has_ended() -> None:
    event = Event(NotificationType.HOME_SECURITY, IDLE, bytes((HomeSecurityEvent.MOTION,)))
    assert event.ended == HomeSecurityEvent.MOTION


def test_idle_without_a_parameter_ends_no_event_in_particular() -> None:
    assert Event(NotificationType.HOME_SECURITY, IDLE).ended is None


def test_the_parameter_of_another_event_ends_nothing() -> None:
    assert Event(NotificationType.ACCESS_CONTROL, AccessControlEvent.DOOR_OPEN, b"\x01").ended is None


def test_a_report_cut_short_before_its_event_is_the_alarm_of_version_1() -> None:
    assert NotificationReport.from_bytes(bytes.fromhex("7105120200ff06")) == NotificationReport(0x12, 2)


@pytest.mark.parametrize("data", ["7105000000ff07000208", "7105000000ff070880"])
def test_parameters_or_a_sequence_number_that_are_announced_and_absent_are_malformed(data: str) -> None:
    with pytest.raises(MalformedCommand):
        NotificationReport.from_bytes(bytes.fromhex(data))


def test_an_unknown_type_and_event_are_read_and_kept() -> None:
    report = NotificationReport.from_bytes(bytes.fromhex("7105000000ff77aa00"))
    assert report.event == Event(0x77, 0xAA)
