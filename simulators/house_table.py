"""What all tables of a house file are: checked strictly, and closed to keys that nobody knows."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

HOME_NAME: Final = r"^[^/\x00-\x1f\x7f]+$"
"""It is also that of a file, through which others reach the home that runs."""
HOME_NAME_MAX: Final = 64
NAME: Final = r"^[a-z0-9_]+(\.[a-z0-9_]+)?$"
ROOM_NAME_MAX: Final = 16
ROOMS_MAX: Final = 200
ZIGBEE_NAME_MAX: Final = 16
"""What a device keeps of its name: Basic cluster, LocationDescription (ZCL 07-5123, 3.2.2.2.11)."""
_TIME: Final = r"^([01]\d|2[0-3]):[0-5]\d$"
DAY_NAMES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `date.weekday()`."""
DAY: Final = f"^({'|'.join(DAY_NAMES)})$"
POWER: Final = "^(mains|battery)$"


class HouseTable(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _is_a_time(text: str) -> str:
    if not re.match(_TIME, text):
        raise ValueError("a time of day is HH:MM, as 07:30")
    return text


TimeOfDay = Annotated[str, AfterValidator(_is_a_time), Field(json_schema_extra={"pattern": _TIME})]
"""HH:MM on the home's clock."""
DayName = Annotated[str, Field(pattern=DAY)]


def wrong_on_zigbee(name: str) -> str:
    """What is to be said of a name of which a Zigbee device would keep only the beginning; empty where it keeps all."""
    if len(name) <= ZIGBEE_NAME_MAX:
        return ""
    return f"{name!r} has {len(name)} letters; on Zigbee a device keeps {ZIGBEE_NAME_MAX}"


def seconds_of(time: str) -> float:
    """After midnight."""
    hours, minutes = time.split(":")
    return (int(hours) * 60 + int(minutes)) * 60.0
