"""Where a message travels: the part of a topic or path that follows `hub/<id>/up/` or `hub/<id>/dn/`.

The names are short because brokers bill and bound topics; no channel has more than one slash (AWS IoT Core: 7 slashes
a topic, of which three are used up before it).
"""

from enum import Enum
from typing import Final


class Up(Enum):
    """From the hub to the cloud."""

    PRESENCE = "presence"
    """Hello, and the last will."""
    ALARM = "evt/alarm"
    EVENT = "evt"
    RESULT = "res"
    TELEMETRY = "tel"
    REPORTED = "rep"
    REFUSED = "ack"
    """What of the cloud's was refused, and why."""


class Down(Enum):
    """From the cloud to the hub."""

    ACK = "ack"
    """Welcome, and what has arrived."""
    COMMAND = "cmd"
    DESIRED = "des"
    JOB = "job"


class MessageClass(Enum):
    """What the outbox keeps apart, the most important first: the last is dropped first."""

    ALARM = "alarm"
    RESULT = "result"
    EVENT = "event"
    TELEMETRY = "telemetry"


CHANNELS: Final = {
    MessageClass.ALARM: Up.ALARM,
    MessageClass.RESULT: Up.RESULT,
    MessageClass.EVENT: Up.EVENT,
    MessageClass.TELEMETRY: Up.TELEMETRY,
}
"""On which channel a class travels."""
