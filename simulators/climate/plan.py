"""What a house file says of the place, the rooms and what is between them."""

from typing import Annotated, Final, Literal

from pydantic import Field

from simulators.house_table import NAME, ROOM_NAME_MAX, HouseTable

OUTSIDE: Final = "outside"
"""The room that every home has without saying so."""
FACINGS: Final = {
    "north": 0.0,
    "northeast": 45.0,
    "east": 90.0,
    "southeast": 135.0,
    "south": 180.0,
    "southwest": 225.0,
    "west": 270.0,
    "northwest": 315.0,
}
"""Degrees from north over east."""
Facing = Literal["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"]
Metre = Annotated[float, Field(ge=-1000, le=1000)]
Rectangle = Annotated[list[Metre], Field(min_length=4, max_length=4)]
"""x to the east and y to the south of its north-west corner, width, depth."""
AREA_M2: Final = 16.0


class PlacePlan(HouseTable):
    latitude: float = Field(51.48, ge=-90, le=90, description="degrees north")
    longitude: float = Field(0.0, ge=-180, le=180, description="degrees east")
    timezone: str = Field("UTC", min_length=1, max_length=64, description="of the home's clock, as Europe/Amsterdam")


class WindowPlan(HouseTable):
    faces: Facing = Field("south", description="where it looks")
    area: float = Field(1.5, gt=0, le=50, description="m² of glass")
    contact: str | None = Field(None, description="the device of kind `door` that tells whether it is open")


class RoomPlan(HouseTable):
    name: str = Field(pattern=NAME, max_length=ROOM_NAME_MAX, description="what the room is called")
    neighbours: list[str] = Field(default_factory=list, description="rooms with a way between")
    temperature: float = Field(20.0, ge=-20, le=40, description="°C at the start")
    plan: Rectangle | None = Field(
        None, description="[x, y, width, depth] in metres: x to the east, y to the south of its north-west corner"
    )
    area: float | None = Field(None, ge=0.5, le=1000, description="m²; default: what `plan` says, else 16")
    windows: list[WindowPlan] = Field(
        default_factory=lambda: [WindowPlan.model_validate({})],
        max_length=50,
        description="default: one to the south; [] where there is none",
    )
    open_air: bool = Field(False, description="a garden, a porch: its air and light are the weather's")

    @property
    def area_m2(self) -> float:
        if self.area is not None:
            return self.area
        return AREA_M2 if self.plan is None else max(1.0, self.plan[2] * self.plan[3])


class DoorPlan(HouseTable):
    between: list[str] = Field(min_length=2, max_length=2, description="the two rooms")
    open: bool = Field(False, description="stands open; without a sensor nobody closes it but `close`")
