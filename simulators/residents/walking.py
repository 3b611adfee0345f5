"""The ways through a home: which room leads where, and what notices who passes."""

from collections.abc import Mapping, Sequence

from hubagent.toml_lines import did_you_mean
from simulators.climate.plan import OUTSIDE
from simulators.devices.sensors import MotionSensor
from simulators.openings import Passage, Passages


class NoWay(ValueError):
    """There is no way from here to there."""


class Surroundings:
    """What a resident sees of the home."""

    def __init__(self, passages: Passages, motion_sensors: Mapping[str, Sequence[MotionSensor]]) -> None:
        self._passages = passages
        self._motion_sensors = motion_sensors

    def way(self, start: str, end: str) -> list[str]:
        """The rooms to pass, `end` the last of them; the shortest way, by name where there are several. NoWay."""
        ways = [[start]]
        seen = {start}
        while ways:
            way = ways.pop(0)
            if way[-1] == end:
                return way[1:]
            for room in self._passages.beside(way[-1]):
                if room not in seen:
                    seen.add(room)
                    ways.append([*way, room])
        raise NoWay(self._why_not(start, end))

    def _why_not(self, start: str, end: str) -> str:
        rooms = sorted({room for sides, _ in self._passages.each() for room in sides} | {start})
        if end in rooms or end == OUTSIDE:
            return f"there is no way from {start} to {end}"
        # One that no way leads to is none to walk to either, whether the home has it or not.
        hint = did_you_mean(end, rooms) or ";"
        return f"there is no room {end!r} to walk to{hint} there are {', '.join(rooms)}"

    def is_watched(self, room: str) -> bool:
        """Whether anything notices who moves there."""
        return bool(self._motion_sensors.get(room))

    def motion_in(self, room: str) -> None:
        for sensor in self._motion_sensors.get(room, ()):
            sensor.see_motion()

    def passage(self, room: str, other: str) -> Passage:
        passage = self._passages.between(room, other)
        assert passage is not None
        return passage

    def ways_out(self, outside: str) -> list[tuple[str, Passage]]:
        """The doors of the house, each with the room inside."""
        return [(room, self.passage(room, outside)) for room in self._passages.beside(outside)]
