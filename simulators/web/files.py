"""A page's files: those that are listed, as they are, and nothing else from where they lie."""

from collections.abc import Mapping
from importlib import resources
from pathlib import PurePosixPath
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

KINDS: Final = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
SHARED: Final = {f"/{name}": ("simulators.web", name) for name in ("api.js", "make.js", "stream.js")}
"""What every page of ours needs: the API's client, its stream, and how an element is made."""


def page_files(package: str, *names: str) -> dict[str, tuple[str, str]]:
    """By path: the package, and the file in its folder `page`; with those that all pages share."""
    own = {("/" if name == "index.html" else f"/{name}"): (package, name) for name in names}
    return {**own, **SHARED}


def add_files(app: web.Application, files: Mapping[str, tuple[str, str]]) -> None:
    """Without a token, because there is nothing in them."""
    for path, (package, name) in files.items():
        content = (resources.files(package) / "page" / name).read_bytes()
        app.router.add_get(path, _serve(content, KINDS[PurePosixPath(name).suffix]))


def _serve(content: bytes, kind: str) -> Handler:
    async def serve(_request: web.Request) -> web.Response:
        return web.Response(body=content, content_type=kind, charset="utf-8")

    return serve
