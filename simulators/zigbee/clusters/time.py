"""Time, its client: a device without a clock of its own asks the coordinator what time it is (ZCL8, 3.12)."""

from typing import Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.clusters.time import TIME
from drivers.zigbee.zcl.foundation import ReadAttributes, ReadAttributesResponse, decode_global
from drivers.zigbee.zcl.frame import ZclFrame
from simulators.devices.device import Timer
from simulators.zigbee.clusters.side import Peer, Place, Side
from simulators.zigbee.radio import COORDINATOR

ASKS_AFTER_S: Final = 10.0
ASKS_EVERY_S: Final = 86_400.0
CLOCK_ENDPOINT: Final = 1


class TimeClient(Side):
    CLUSTER = TIME
    IS_SERVER = False

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[int, object] = {}
        """What the coordinator said last, by attribute."""
        self._asks: Timer | None = None

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._asks = Timer(place.loop, self._ask)

    def joined(self) -> None:
        assert self._asks is not None
        self._asks.start(ASKS_AFTER_S)

    def halt(self) -> None:
        assert self._asks is not None
        self._asks.stop()

    def reset(self) -> None:
        super().reset()
        self.told.clear()

    def answered(self, frame: ZclFrame, sender: Peer) -> None:  # noqa: ARG002 - it asks nobody else
        try:
            answer = decode_global(frame)
        except MalformedFrame:
            return
        if isinstance(answer, ReadAttributesResponse):
            self.told.update({it.attribute: it.value for it in answer.records if it.type_id is not None})

    def _ask(self) -> None:
        assert self._asks is not None
        self._asks.start(self.place.clock.lasts_s(ASKS_EVERY_S))
        question = ReadAttributes(TIME.ids("time", "time_status", "time_zone"))
        self.place.ask(COORDINATOR, CLOCK_ENDPOINT, TIME.id, question.COMMAND, question.to_bytes())
