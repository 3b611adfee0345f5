"""Nothing that differs from run to run gets into the project but through its seams: held here, by reading every module.

Clocks, entropy, threads and processes; addresses and hashes; what has no order of its own. What each rule is, and that
it finds what it should, is in `tests.determinism`; what is excused, and why, in `tests.determinism.excused`.
"""

from functools import cache
from pathlib import Path

from tests.determinism.excused import EXCUSED
from tests.determinism.inference import Inference
from tests.determinism.order import find_order
from tests.determinism.reaching import find_reaching
from tests.determinism.sin import Sin
from tests.determinism.source import read_modules

ROOT = Path(__file__).parent.parent


@cache
def sins() -> tuple[Sin, ...]:
    modules = read_modules(ROOT, "hubagent", "drivers", "simulators")
    inference = Inference(modules)
    return tuple(
        sorted(
            sin for module in modules for find in (find_reaching(module), find_order(module, inference)) for sin in find
        )
    )


def test_whatever_differs_from_run_to_run_comes_in_through_a_seam_or_is_excused() -> None:
    assert [str(sin) for sin in sins() if not any(excused.covers(sin) for excused in EXCUSED)] == []


def test_what_is_excused_is_there() -> None:
    """In one test, since every process that has one of them reads all modules."""
    assert [str(excused) for excused in EXCUSED if not any(excused.covers(sin) for sin in sins())] == []
