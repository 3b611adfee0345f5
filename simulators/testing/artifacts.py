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
_NO_LETTERS: Final = re.compile(r"[^A-Za-z0-9_.-]+")


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
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, content in contents.items():
            path = folder / f"{name}.{kind}"
            path.write_bytes(content)
            written.append(path)
    except OSError as error:
        # The test's own failure is what counts.
        trouble = f"no timeline: {error}; another folder: --sim-artifacts"
    return written, trouble


def file_name(test: str, seed: int) -> str:
    """Of a test's name, as every file system takes it; two tests have two."""
    # What stands between its parts is in the name of every test.
    path, _, function = test.partition("::")
    function, _, values = function.partition("[")
    parts = (path.replace("/", "-"), function.replace("::", "-"), values.removesuffix("]"))
    plain = "-".join(filter(None, parts))
    name = _NO_LETTERS.sub("-", plain).strip("-.")
    if not _is_in(name, seed):
        name = f"{name}-seed{seed}"
    if len(name) <= _NAME_MAX and _NO_LETTERS.search(plain) is None:
        return name
    # What was left out, or cut off, may have been all that makes it another test.
    digest = hashlib.sha256(f"{test} {seed}".encode(errors="surrogatepass")).hexdigest()
    return f"{name[: _NAME_MAX - 9]}-{digest[:8]}"


def _is_in(name: str, seed: int) -> bool:
    return re.search(rf"seed{seed}(?!\d)", name) is not None
