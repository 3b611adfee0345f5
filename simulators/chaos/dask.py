"""Runs spread over a Dask cluster that runs already, whose workers have this project installed."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from hubagent.agent import VERSION
from simulators.chaos.asked import Asked, answer_json
from simulators.chaos.jobs import JobsFailed
from simulators.chaos.verdict import Verdict, verdict_of

_CONNECT_S: Final = 20


def answers_of_dask(asked: Sequence[Asked], address: str) -> Iterator[Verdict]:
    """In the order of the questions. Raises JobsFailed."""
    try:
        from distributed import Client  # noqa: PLC0415 - who has no cluster needs none of it
    except ImportError as missing:
        raise JobsFailed("Dask is not installed here; try: pip install distributed") from missing
    try:
        client: Any = Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise JobsFailed(f"there is no Dask scheduler at {address}: {error}") from error
    with client:
        _check_workers(client, address)
        futures = client.map(answer_json, [it.to_json() for it in asked], pure=False)
        try:
            for future in futures:
                yield verdict_of(future.result())
        finally:
            client.cancel(futures)


def installed() -> str:
    """Which version a worker has."""
    return VERSION


def _check_workers(client: Any, address: str) -> None:
    try:
        found = client.run(installed)
    except ImportError as error:
        raise JobsFailed(f"workers of {address} do not have this project: {error}; install it there") from error
    if not found:
        raise JobsFailed(f"the scheduler at {address} has no workers")
    if others := {version for version in found.values() if version != VERSION}:
        raise JobsFailed(f"workers of {address} have hubagent {', '.join(sorted(others))}, here is {VERSION}")
