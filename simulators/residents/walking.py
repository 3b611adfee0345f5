"""The ways through a home: which room leads where, and what notices who passes."""

from collections.abc import Mapping, Sequence

from simulators.devices.sensors import DoorSensor, MotionSensor


class NoWay(ValueError):
    """There is no way from here to there."""


class Surroundings:
    """What a resident sees of the home: which room leads where, and what notices who passes."""

    def __init__(
        self,
        neighbours: Mapping[str, frozenset[str]],
        motion_sensors: Mapping[str, Sequence[MotionSensor]],
        doors: Mapping[frozenset[str], Sequence[DoorSensor]],
    ) -> None:
        self._neighbours = neighbours
        self._motion_sensors = motion_sensors
        self._doors = doors

    def way(self, start: str, end: str) -> list[str]:
        """The rooms to pass, `end` the last of them; the shortest way, by name where there are several. NoWay."""
        ways = [[start]]
        seen = {start}
        while ways:
            way = ways.pop(0)
            if way[-1] == end:
                return way[1:]
            for room in sorted(self._neighbours.get(way[-1], frozenset()) - seen):
                seen.add(room)
                ways.append([*way, room])
        raise NoWay(f"there is no way from {start} to {end}")

    def motion_in(self, room: str) -> None:
        for sensor in self._motion_sensors.get(room, ()):
            sensor.see_motion()

    def doors_between(self, room: str, other: str) -> Sequence[DoorSensor]:
        return self._doors.get(frozenset((room, other)), ())
