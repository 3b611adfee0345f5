"""What a cloud was told of the devices, and when there was none."""

from collections.abc import Callable

from simulators.site.cloud import SiteCloud
from simulators.testing.beliefs import CloudBelief
from simulators.testing.record import Kind, Record, Span


class CloudRecorder:
    """`clock` is the loop's time."""

    def __init__(self, record: Record, cloud: SiteCloud, belief: CloudBelief, clock: Callable[[], float]) -> None:
        self._record = record
        self._cloud = cloud
        self._belief = belief
        self._clock = clock
        self._changed = False
        self._off: Span | None = None

    def begin(self, at: float) -> None:
        self._belief.on_change = self._heard
        self._note(at)
        self.look()

    def look(self) -> None:
        if self._changed:
            self._changed = False
            self._note(self._clock())
        if self._cloud.service is None and self._off is None:
            self._off = self._record.begin(self._clock(), Kind.CLOUD, "the cloud is off")
            self._record.happened(self._clock(), Kind.CLOUD, "cloud", "the cloud's process is gone")
        elif self._cloud.service is not None and self._off is not None:
            self._off.end = self._clock()
            self._off = None
            self._record.happened(self._clock(), Kind.CLOUD, "cloud", "the cloud works again")

    def _heard(self) -> None:
        self._changed = True

    def _note(self, at: float) -> None:
        for device, known in self._belief.devices().items():
            for attribute, value in self._belief.attributes(device).items():
                self._record.series(self._record.cloud, known.name, attribute).add(at, value)
