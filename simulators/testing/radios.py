"""One radio of the home: its stick, the wire that it is on, and the air around it."""

from hubagent.model.event import DriverCondition
from simulators.fault_kind import Value
from simulators.testing.context import Context, Duration
from simulators.testing.faults import Fault, Faults
from simulators.testing.hidden import speaks_for_itself

__tracebackhide__ = speaks_for_itself

PULLED_OUT_MAX_S = 86_400.0


class Radio:
    """`name` is `zwave` or `zigbee`."""

    def __init__(self, name: str, context: Context, faults: Faults) -> None:
        self.name = name
        self._context = context
        self._faults = faults
        self._out: Fault | None = None

    def unplug(self, seconds: Duration = PULLED_OUT_MAX_S) -> Fault:
        """The stick is pulled out of the hub, until `plug`, or for so long; a day at most."""
        self.plug()
        self._out = self.fault("wire.unplug", seconds=seconds)
        return self._out

    def plug(self) -> None:
        """It is put back in. Nothing where it is in."""
        if self._out is not None:
            self._out.heal()
            self._out = None

    def loss(self, rate: float, seconds: Duration | None = None) -> Fault:
        """This share of all transmissions is lost, each of which is tried a few times."""
        return self.fault("air.loss", seconds=seconds, rate=rate)

    def fault(self, name: str, seconds: Duration | None = None, **options: Value) -> Fault:
        """Any other fault of the wire, the stick or the air. Raises CannotBe."""
        return self._faults.strike(name, None, self.name, seconds, options)

    @property
    def works(self) -> bool:
        """Whether the hub says that it does. Raises HubIsOff."""
        return self._context.agent.radio(self.name).condition is DriverCondition.READY
