"""Home Assistant as what the bench of the rules is compared with: a process of its own for each case."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.bench.subjects import PEERS, SubjectBroken, SubjectMissing

PYTHON: Final = PEERS / "home-assistant" / "bin" / "python"
MISSING: Final = "Home Assistant is not measured beside the rules: it is not installed (make peers-home-assistant)"
LONGEST_S: Final = 1800.0
_HOST: Final = Path(__file__).with_name("host.py")


@dataclass(frozen=True, slots=True)
class PeerCase:
    """What one report cost in Home Assistant, and what its automations did."""

    version: str
    reactions_ns: list[int]
    load_s: float
    """Reading the text, checking it and turning every automation on."""
    memory_mb: float


def measure_home_assistant(automations: str, runs: int, warm_up: int, python: Path = PYTHON) -> PeerCase:
    """Raises SubjectMissing, SubjectBroken."""
    if not python.exists():
        raise SubjectMissing(MISSING)
    wish = json.dumps({"automations": automations, "runs": runs, "warm_up": warm_up})
    try:
        # Isolated: nothing of this project is there to be imported by mistake.
        ended = subprocess.run(  # noqa: S603 - our own script
            [str(python), "-I", str(_HOST)],
            input=wish + "\n",
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
        return PeerCase(**json.loads(ended.stdout))
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SubjectBroken(f"Home Assistant was not measured: {error}") from error
    except (ValueError, TypeError) as error:
        last = ended.stderr.strip().splitlines()[-1:] or [str(error)]
        raise SubjectBroken(f"Home Assistant was not measured: {last[0]}") from error
