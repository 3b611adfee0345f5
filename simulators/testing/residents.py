"""Somebody who lives in the home, and does what a test says."""

from simulators.climate.plan import OUTSIDE
from simulators.testing.context import Context, Duration, seconds_of
from simulators.testing.doing import Doing
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.on_the_loop import on_the_loop
from simulators.world import CannotBe

__tracebackhide__ = speaks_for_itself

_WALKS_S = 300.0


class NotThere(AssertionError):
    """Somebody did not come where he was expected."""


class Resident:
    """Who walks takes the time that walking takes; who enters is there at once."""

    def __init__(self, name: str, context: Context) -> None:
        self.name = name
        self._context = context

    @property
    def room(self) -> str:
        return self._context.site.world.residents[self.name].room

    @property
    def asleep(self) -> bool:
        return self._context.site.world.residents[self.name].asleep

    @on_the_loop
    def enters(self, room: str) -> None:
        """Steps into it now, wherever the way there was, and is seen by what sees motion in it. Raises CannotBe."""
        self._check(room)
        self._context.site.world.residents[self.name].step_into(room)

    @on_the_loop
    def leaves(self) -> None:
        """Is out of the house, at once."""
        self.enters(OUTSIDE)

    def walks_to(self, room: str) -> Doing[None]:
        """Through every room and door on the way. Awaited until there. Raises CannotBe, NoWay."""
        self._check(room)
        self._do("walk", room)
        return Doing(lambda: self._comes_to(room))

    def goes_out(self) -> Doing[None]:
        """Walks out of the house, and locks the door where that is the habit."""
        self._do("go_out")
        return Doing(lambda: self._comes_to(OUTSIDE))

    def comes_home(self) -> None:
        """Walks in."""
        self._do("come_home")

    @on_the_loop
    def presses(self, device: str, button: str | int | None = None, gesture: str | None = None) -> None:
        """A button of a device, wherever it is. Raises CannotBe, CannotDo."""
        words = [] if button is None and gesture is None else [str(button or 1), gesture or "single"]
        self._context.site.world.do("press", device, *words)
        self._context.did(self.name, " ".join((f"{self.name} presses", device, *words)))

    def sleeps(self) -> None:
        """Goes to bed."""
        self._do("sleep")

    def wakes(self) -> None:
        self._do("wake")

    def cooks(self, minutes: Duration | None = None) -> None:
        """For so many minutes, or `"1h"`; else as long as it takes."""
        self._do_for("cook", minutes)

    def showers(self, minutes: Duration | None = None) -> None:
        self._do_for("shower", minutes)

    def watches(self, minutes: Duration | None = None) -> None:
        """Television."""
        self._do_for("watch", minutes)

    async def _comes_to(self, room: str, seconds: Duration = _WALKS_S) -> None:
        if not await self._context.comes_true(lambda: self.room == room, seconds_of(seconds)):
            raise NotThere(f"{self.name} did not come to {room} within {seconds} s, and is in {self.room}")

    def _do_for(self, verb: str, minutes: Duration | None) -> None:
        if isinstance(minutes, str):
            minutes = seconds_of(minutes) / 60
        self._do(verb, *(() if minutes is None else (f"{minutes:g}",)))

    @on_the_loop
    def _do(self, verb: str, *more: str) -> None:
        self._context.site.world.do(verb, self.name, *more)
        self._context.did(self.name, " ".join((self.name, verb, *more)))

    def _check(self, room: str) -> None:
        rooms = (*self._context.site.world.rooms, OUTSIDE)
        if room not in rooms:
            raise CannotBe(f"there is no room {room!r}; there are {', '.join(rooms)}")
