"""A user's machine: a Python of its own that has our wheel, a user's project, and what both need; nothing of this tree.

What they need is not fetched but copied from here, as the wheels' own metadata asks for it: a package that they forget
to name is not there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.interop.peers import PROJECT, need

PACKAGES = ("hubagent", "drivers", "simulators")
BESIDES = ("pyproject.toml", "README.md", "LICENSE")
RUN_MAX_S = 120.0
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "sim-artifacts")
_PYTEST = """\
#!{python}
import sys

from pytest import console_main

sys.exit(console_main())
"""


@dataclass(frozen=True)
class UsersMachine:
    folder: Path
    """The user's project: examples/, and where everything is run."""
    programs: Path

    def run(self, *command: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """A program of theirs, in the project's folder and with nothing of this shell's variables."""
        path = os.pathsep.join((str(self.programs), os.defpath))
        variables = {"PATH": path, "HOME": str(self.folder.parent), "LANG": "C.UTF-8", **(environment or {})}
        program = shutil.which(command[0], path=path)
        assert program is not None, command
        return subprocess.run(
            (program, *command[1:]),
            cwd=self.folder,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=RUN_MAX_S,
            check=False,
        )


def users_machine(root: Path) -> UsersMachine:
    """Skips, or fails where skipping is forbidden, without what builds wheels."""
    source, project = root / "source", root / "project"
    source.mkdir()
    for name in PACKAGES:
        shutil.copytree(PROJECT / name, source / name, ignore=_LEFT_OUT)
    for name in BESIDES:
        shutil.copy2(PROJECT / name, source)
    shutil.copytree(PROJECT / "examples", project, ignore=_LEFT_OUT)
    built = root / "to-build"
    shutil.copytree(project, built)
    wheels = _wheels(root / "wheels", source, built)
    environment = root / "venv"
    _ran(sys.executable, "-m", "venv", "--without-pip", str(environment))
    python = environment / "bin" / "python"
    _pip("--python", str(python), "install", "--no-deps", "--no-index", "--no-compile", *map(str, wheels))
    packages = next((environment / "lib").glob("python3*")) / "site-packages"
    for needed in sorted(_needed(packages), key=lambda it: it.name):
        _copy(needed, packages)
    pytest = environment / "bin" / "pytest"
    pytest.write_text(_PYTEST.format(python=python))
    pytest.chmod(0o755)
    return UsersMachine(project, environment / "bin")


def _wheels(folder: Path, *sources: Path) -> list[Path]:
    made = _run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(folder), *map(str, sources))
    need(made.returncode == 0, f"pip builds no wheel here (it needs setuptools from PyPI): {made.stdout[-2000:]}")
    return sorted(folder.glob("*.whl"))


def _needed(packages: Path) -> Iterator[Distribution]:
    """By those that are there: what their metadata asks for, and what that asks for; tests included."""
    there = {canonicalize_name(it.name): it for it in distributions(path=[str(packages)])}
    open_: list[tuple[Distribution, str]] = [(it, "test") for it in there.values()]
    seen = {(name, "test") for name in there}
    given = set(there)
    while open_:
        asking, extra = open_.pop()
        for text in asking.requires or ():
            wanted = Requirement(text)
            name = canonicalize_name(wanted.name)
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
                continue
            found = there.get(name) or distribution(name)
            if name not in given:
                given.add(name)
                yield found
            for of in ("", *wanted.extras):
                if (name, of) not in seen:
                    seen.add((name, of))
                    open_.append((found, of))


def _copy(package: Distribution, packages: Path) -> None:
    """Its modules, and not its programs: those begin with the path of another Python."""
    for file in package.files or ():
        source = Path(str(package.locate_file(file)))
        if ".." not in file.parts and source.is_file():
            target = packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def _pip(*arguments: str) -> None:
    _ran(sys.executable, "-m", "pip", *arguments)


def _ran(*command: str) -> None:
    done = _run(*command)
    assert done.returncode == 0, done.stdout


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_QUIET": "1"}
    return subprocess.run(
        command,
        env=quiet,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=RUN_MAX_S,
        check=False,
    )
