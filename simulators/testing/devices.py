"""One thing of the home: how it really is, and what a hand does to it."""

from hubagent.model.capability import Value
from simulators.devices.device import Value as HandValue
from simulators.testing.context import Context, Duration, seconds_of
from simulators.testing.doing import Doing
from simulators.testing.faults import Fault, Faults
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.on_the_loop import on_the_loop
from simulators.testing.pairing import PAIRS_S, Pairing
from simulators.world import CannotBe

__tracebackhide__ = speaks_for_itself


class Device:
    """All of it is about the thing itself; what the hub believes of it is another matter."""

    def __init__(self, name: str, context: Context, faults: Faults) -> None:
        self.name = name
        self._context = context
        self._faults = faults

    # --- how it is

    def value(self, attribute: str) -> Value:
        """`level`, `heating_setpoint`, ... Raises UnknownName for what no eye could see of it."""
        return self._context.there.truth.value(self.name, attribute)

    @property
    def on(self) -> Value:
        return self.value("on")

    @property
    def level(self) -> Value:
        """In percent."""
        return self.value("level")

    @property
    def position(self) -> Value:
        """How far it is open, in percent."""
        return self.value("position")

    @property
    def is_open(self) -> Value:
        return self.value("open")

    @property
    def locked(self) -> Value:
        return self.value("locked")

    @property
    def occupied(self) -> Value:
        return self.value("occupied")

    @property
    def temperature(self) -> Value:
        """In °C."""
        return self.value("temperature")

    # --- what a hand does; all of these raise CannotDo, or CannotBe, where it cannot

    def press(self, button: str | int | None = None, gesture: str | None = None) -> None:
        """Its button, or one of several: `single`, `double`, `triple`, `hold`."""
        words = [] if button is None and gesture is None else [str(button or 1), gesture or "single"]
        self._do("press", self._whole, *words)

    def set(self, **values: HandValue) -> None:
        """Turn it so, as the world outside does: `set(temperature=5.0)`, `set(occupied=True)`, `set(wet=True)`."""
        self._do("set", self._whole, *(f"{name}={_typed(value)}" for name, value in values.items()))

    def open(self) -> None:
        """A door or a window."""
        self.set(open=True)

    def close(self) -> None:
        self.set(open=False)

    def switch_on(self) -> None:
        self.set(on=True)

    def switch_off(self) -> None:
        self.set(on=False)

    # --- its power and its place in the network

    def cut_power(self, seconds: Duration | None = None) -> Fault:
        """The plug is pulled, the battery is empty; for so long, or until it is healed."""
        return self.fault("device.dead", seconds)

    def fault(self, name: str, seconds: Duration | None = None, **options: HandValue) -> Fault:
        """Any fault of a device. Raises CannotBe."""
        return self._faults.strike(name, self._whole, None, seconds, options)

    @on_the_loop
    def pair(self, seconds: Duration = PAIRS_S) -> Doing[None]:
        """Let the hub look for new devices, and press its pairing button. Awaited until the hub knows what it is.

        Raises NotPaired then.
        """
        placed = self._context.site.world.devices[self._whole]
        if placed.dongle is None:
            raise CannotBe(f"{self.name} has no radio")
        self._context.did(self.name, f"{self.name} is paired")
        pairing = Pairing(self._context, self._whole, placed.dongle.name)
        return Doing(lambda: pairing.done(seconds_of(seconds)))

    def leave(self) -> None:
        """It is reset by hand, or let out by a stick that waits for that."""
        self._do("leave", self._whole)

    @property
    def _whole(self) -> str:
        return self.name.partition("/")[0]

    @on_the_loop
    def _do(self, *words: str) -> None:
        self._context.site.world.do(*words)
        self._context.did(self.name, " ".join(words))


def _typed(value: HandValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
