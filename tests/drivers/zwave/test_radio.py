"""What the controller's answers say of a transmission."""

import pytest

from drivers.zwave.exchange import Answered
from drivers.zwave.radio import Sent, outcome_of
from drivers.zwave.serial_api.send_data import SendDataCallback, SendDataResponse, TransmitStatus


@pytest.mark.parametrize(
    ("callback", "sent"),
    [
        (SendDataCallback(1, TransmitStatus.OK, 3), Sent.ACKNOWLEDGED),
        (SendDataCallback(1, TransmitStatus.NO_ACK, 90), Sent.UNACKNOWLEDGED),
        (SendDataCallback(1, TransmitStatus.NO_ROUTE), Sent.UNACKNOWLEDGED),
        (SendDataCallback(1, TransmitStatus.FAIL), Sent.NOT_SENT),
        (SendDataCallback(1, TransmitStatus.FAIL, 0), Sent.NOT_SENT),
    ],
)
def test_only_a_failure_without_a_time_on_the_air_is_the_radios(callback: SendDataCallback, sent: Sent) -> None:
    assert outcome_of(Answered(SendDataResponse(True), callback)).sent is sent


def test_a_failure_after_seconds_on_the_air_is_the_nodes_silence() -> None:
    """zwave-js issue 6199: it happens, and the radio is not jammed."""
    callback = SendDataCallback(1, TransmitStatus.FAIL, 250)
    assert outcome_of(Answered(SendDataResponse(True), callback)).sent is Sent.UNACKNOWLEDGED
