"""bellows with zigpy as a subject of the bench."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from simulators.bench.household import Household
from simulators.bench.subjects import INTERVIEWS_S, PAIRING_S, PEERS, Pairs, SubjectMissing
from simulators.bench.wire import Wire

PYTHON: Final = PEERS / "venv" / "bin" / "python"
_HOST: Final = Path(__file__).with_name("bellows_host.py")


class BellowsZigpy(Pairs):
    """As PyPI installs them, in an environment of their own; see `bellows_host`."""

    name = "bellows+zigpy"

    def _command(self, wire: Wire, household: Household) -> list[str]:
        if not PYTHON.exists():
            raise SubjectMissing("bellows and zigpy are not installed (make peers)")
        return [str(PYTHON), str(_HOST), wire.url, str(self._folder), *household.members]

    async def _interviewed(self, household: Household) -> bool:  # noqa: ARG002 - it was told
        await self._line("interviewed", INTERVIEWS_S)
        return True

    async def pair(self, press: Callable[[], None]) -> None:
        self._write(b"permit\n")
        await self._line("permitted", PAIRING_S)
        press()
        await self._line("initialized", PAIRING_S)
