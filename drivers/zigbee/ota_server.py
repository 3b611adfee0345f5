"""stub"""

from pathlib import Path

from drivers.zigbee.node import Node
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.ota_upgrade import QueryNextImageRequest, QueryNextImageResponse
from drivers.zigbee.zcl.status import ZclStatus


class OtaServer:
    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def answer(self, node: Node, endpoint: int, command: ClusterCommand) -> ClusterCommand | int | None:
        if isinstance(command, QueryNextImageRequest):
            return QueryNextImageResponse(ZclStatus.NO_IMAGE_AVAILABLE)
        return ZclStatus.UNSUP_COMMAND
