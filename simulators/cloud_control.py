"""What `sim cloud do` and its like may ask of a running cloud, through its `control_socket`.

{"do": "stall", "settings": {"seconds": 5}}  ->  {"ok": true, "text": "..."}
{"claim": "hub-of-mine"}                     ->  {"ok": true, "code": "...", "est": "https://..."}; null: a new name
{"list": true}                               ->  {"ok": true, "hubs": [...], "page": "http://..."}
anything that cannot be done                 ->  {"ok": false, "error": "..."}
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulators.control_socket import Answer, NotThere, ask, carry_out, control_folder, meant, serve_socket, sockets_in

if TYPE_CHECKING:
    # Only named here: `sim cloud do` would pay for a whole cloud's modules.
    from simulators.cloud.running import Cloud


def cloud_folder(environment: Mapping[str, str]) -> Path:
    """Where the sockets of all running clouds of this user are."""
    return control_folder(environment) / "clouds"


@asynccontextmanager
async def serve_cloud_control(cloud: "Cloud", folder: Path) -> AsyncIterator[Path]:
    """Let others act on `cloud` through a socket in `folder`; gives its path."""
    async with serve_socket(folder, "cloud", partial(answer, cloud)) as path:
        yield path


def answer(cloud: "Cloud", line: bytes) -> Answer:
    """Carry out one line. Whatever is wrong with it is in the answer."""
    return carry_out(line, partial(_carry_out, cloud))


def _carry_out(cloud: "Cloud", question: Mapping[str, Any]) -> Answer:
    """Raises ValueError."""
    if "list" in question:
        hubs = [hub.view() for hub in cloud.service.consumer.hubs()]
        return {"hubs": hubs, "page": cloud.page_url, "active": cloud.misbehaviour.active}
    if "claim" in question:
        wanted = question["claim"]
        hub = wanted if isinstance(wanted, str) else cloud.new_hub_name()
        return {"hub": hub, "code": cloud.claim(hub), "est": cloud.est_url, "anchor": str(cloud.files.anchors)}
    name, settings = question.get("do"), question.get("settings", {})
    if not isinstance(name, str) or not _are_settings(settings):
        raise ValueError('what to do is a name with settings: {"do": "stall", "settings": {"seconds": 5}}')
    return {"text": cloud.misbehaviour.do(name, settings)}


def _are_settings(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(below, str | int | float) for below in value.values())


def find_cloud(folder: Path, named: str | None) -> Path:
    """The socket of the cloud that `named` means (a path, or a part of its name), or of the only one. NotThere."""
    alive = sockets_in(folder)
    found = meant(named, alive)
    if len(found) == 1:
        return found[0]
    if not alive:
        raise NotThere("no cloud is running; start one with `hubagent sim cloud`")
    running = ", ".join(path.stem for path in alive)
    raise NotThere(f"{'several clouds' if found else 'no such cloud'}; say which with --cloud: {running}")


def ask_cloud(path: Path, question: Mapping[str, Any]) -> Answer:
    """Send one question to the cloud at `path`. Raises NotThere."""
    return ask(path, question, "cloud")
