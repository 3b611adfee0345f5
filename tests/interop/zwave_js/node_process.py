"""A Node.js script of ours with zwave-js, told what to do by lines of JSON."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from tests.interop.peers import NODE_MODULES, need_npm_package, node
from tests.interop.told_process import ToldProcess, told

_Process = TypeVar("_Process", bound=ToldProcess)


@asynccontextmanager
async def running(process: _Process, script: Path, *arguments: str, errors: Path) -> AsyncIterator[_Process]:
    """`script` with its stderr in the file `errors`. Skips the test where Node.js or zwave-js is not installed."""
    executable = node()
    need_npm_package("zwave-js")
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES), "NODE_ENV": "production"}
    async with told(process, executable, str(script), *arguments, errors=errors, environment=environment):
        yield process


@asynccontextmanager
async def node_process(script: Path, *arguments: str, errors: Path) -> AsyncIterator[ToldProcess]:
    async with running(ToldProcess(), script, *arguments, errors=errors) as process:
        yield process
