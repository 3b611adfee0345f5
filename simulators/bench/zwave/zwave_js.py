"""zwave-js as a subject of the bench."""

import shutil
from pathlib import Path

from simulators.bench.household import Household
from simulators.bench.subjects import INTERVIEWS_S, NODE_MODULES, Subject, SubjectMissing
from simulators.bench.wire import Wire


class ZwaveJs(Subject):
    """zwave-js as npm installs it, its log off, with a listener that switches the lamp."""

    name = "zwave-js"

    def _command(self, wire: Wire, household: Household) -> list[str]:  # noqa: ARG002 - the stick tells
        node = shutil.which("node")
        if node is None:
            raise SubjectMissing("Node.js is not installed (Debian: apt install nodejs npm)")
        if not (NODE_MODULES / "zwave-js" / "package.json").exists():
            raise SubjectMissing("the npm package zwave-js is not installed (make peers)")
        return [node, str(Path(__file__).with_name("zwave_js.cjs")), wire.url, str(self._folder)]

    def _environment(self) -> dict[str, str]:
        return {"NODE_PATH": str(NODE_MODULES), "NODE_ENV": "production"}

    async def _interviewed(self, household: Household) -> bool:  # noqa: ARG002 - it knows how many
        await self._line("interviewed", INTERVIEWS_S)
        return True
