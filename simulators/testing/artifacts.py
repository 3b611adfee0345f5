"""What is kept of a test's run: its picture as SVG and as a page, and as PNG where somebody wants that."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.testing.home_run import HomeRun
from simulators.testing.timeline.png import NoPng, png
from simulators.testing.timeline.timeline import Timeline

_NAME_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Kept:
    """`test` is its whole name, `reproduce` the line that runs it again."""

    test: str
    reproduce: str
    passed: bool


def keep_timeline(run: HomeRun, kept: Kept, folder: Path, *, with_png: bool) -> tuple[list[Path], str]:
    """The files that were written, and what could not be. Of a home that never began there is nothing to keep."""
    if run.running is None:
        return [], ""
    recorder = run.running.recorder
    recorder.end()
    timeline = Timeline(recorder.record, run.site.setting.start, run.settings.zone)
    title = kept.test.rpartition("::")[2]
    about = f"{run.settings.plan.name}, seed {run.settings.seed}"
    picture = timeline.svg(title, about, passed=kept.passed)
    contents: dict[str, bytes] = {
        "svg": picture.encode(),
        "html": timeline.page(title, about, kept.reproduce, passed=kept.passed).encode(),
    }
    trouble = ""
    if with_png:
        try:
            contents["png"] = png(picture)
        except NoPng as error:
            trouble = str(error)
    name = file_name(kept.test, run.settings.seed)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, content in contents.items():
        path = folder / f"{name}.{kind}"
        path.write_bytes(content)
        written.append(path)
    return written, trouble


def file_name(test: str, seed: int) -> str:
    """Of a test's name, as every file system takes it; two tests have two."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", test).strip("-.")
    if f"seed{seed}" not in name:
        name = f"{name}-seed{seed}"
    if len(name) <= _NAME_MAX:
        return name
    return f"{name[: _NAME_MAX - 9]}-{hashlib.sha256(test.encode()).hexdigest()[:8]}"
