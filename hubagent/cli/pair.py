"""`hubagent pair` and `hubagent unpair`: each step is shown as it happens, and whoever ends them closes the network."""

import asyncio
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from hubagent.cli.exits import FAILED, OK, SIGNALLED, Failure
from hubagent.cli.options import ask_agent, config_option, jsonl_option, protocol_options
from hubagent.cli.output import coloured, show, show_json, tell

if TYPE_CHECKING:
    from hubagent.api.client import Client

_timeout = click.option("--timeout", type=click.FloatRange(1, 600), default=60.0, help="seconds until it gives up")


@click.command()
@config_option
@jsonl_option
@_timeout
@protocol_options
@click.option(
    "--install-code", metavar="CODE", help="Zigbee: as printed on the device, so that nobody listens in; - reads stdin"
)
@click.option("--via", metavar="DEVICE", help="Zigbee: only this router lets it join")
def pair(protocol: str | None, timeout: float, install_code: str | None, via: str | None, *, as_jsonl: bool) -> int:
    """Let one device join, and show its interview. Then press the device's pairing button."""
    if install_code == "-":
        # Not on the command line, which every user of the machine can read.
        install_code = sys.stdin.readline().strip()
    wishes = {"install_code": install_code, "via": via}
    options = {name: value for name, value in wishes.items() if value is not None}
    if options and protocol is None:
        protocol = "zigbee"
    body = {"action": "pair", "protocol": protocol, "timeout": timeout, "options": options}
    return _session(body, timeout, as_jsonl=as_jsonl)


@click.command()
@config_option
@jsonl_option
@_timeout
@protocol_options
@click.option("--failed", is_flag=True, help="remove DEVICE although it does not answer any more")
@click.argument("device", required=False)
def unpair(device: str | None, protocol: str | None, timeout: float, *, failed: bool, as_jsonl: bool) -> int:
    """Let a device leave: press its pairing button; or remove one that is gone: unpair DEVICE --failed."""
    if failed and device is None:
        raise click.UsageError("--failed needs the DEVICE that is gone")
    body: dict[str, Any] = {"action": "unpair", "protocol": protocol, "timeout": timeout}
    if device is not None:
        body["device"] = device
    if failed:
        body["options"] = {"failed": True}
    return _session(body, timeout, as_jsonl=as_jsonl)


def _session(body: Mapping[str, Any], timeout_s: float, *, as_jsonl: bool) -> int:
    async def follow(client: "Client") -> int:
        started = await client.post(("v1", "pairing"), body)
        with _cancelled_by_signals() as heard:
            try:
                # The device's interview may go on after the network has closed.
                async with asyncio.timeout(timeout_s + INTERVIEW_S):
                    return await _follow(client, started["session"], started["since"], as_jsonl=as_jsonl)
            except (asyncio.CancelledError, BrokenPipeError, Failure):
                # Interrupted, or nobody reads on: no network stays open that nobody watches.
                await asyncio.shield(client.delete(("v1", "pairing")))
                tell("stopped; the network is closed")
                if heard:
                    return SIGNALLED + heard[0]
                raise
            except TimeoutError:
                await client.delete(("v1", "pairing"))
                tell("no end in sight; stopped")
                return FAILED

    return ask_agent(follow)


INTERVIEW_S = 600.0
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
"""The process shall end, or its terminal was closed."""


@contextmanager
def _cancelled_by_signals() -> Iterator[Sequence[signal.Signals]]:
    """Those that end a process cancel this task meanwhile, and the one that did is in the list."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    heard: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        # Once: of a closed terminal its shell tells too, and a second time would cut the closing short.
        if not heard:
            heard.append(number)
            task.cancel()

    # Under nohup a closed terminal is none of its business.
    numbers = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    for number in numbers:
        loop.add_signal_handler(number, end, number)
    try:
        yield heard
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _follow(client: "Client", session: int, since: int, *, as_jsonl: bool) -> int:
    from hubagent.api.client import Lost  # noqa: PLC0415 - loaded by now

    async for event in client.events(since):
        if isinstance(event, Lost) or event["event"] != "pairing" or event["session"] != session:
            continue
        if as_jsonl:
            show_json(event)
        else:
            show(_line(event))
        if event.get("final"):
            return OK if event["ok"] else FAILED
    return FAILED


def _line(event: Mapping[str, Any]) -> str:
    sign = coloured("ok", "green") if event["ok"] else coloured("failed", "red")
    return f"{sign}  {event['text']}" if event["final"] or not event["ok"] else f"..  {event['text']}"
