"""The page's files: as they are in `simulators/cloud/page`, and nothing else from there."""

from importlib import resources
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

FILES: Final = {
    "/": ("index.html", "text/html"),
    "/app.js": ("app.js", "text/javascript"),
    "/api.js": ("api.js", "text/javascript"),
    "/stream.js": ("stream.js", "text/javascript"),
    "/home.js": ("home.js", "text/javascript"),
    "/controls.js": ("controls.js", "text/javascript"),
    "/words.js": ("words.js", "text/javascript"),
    "/style.css": ("style.css", "text/css"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
"""By path; without a token, because there is nothing in them."""


def add_page(app: web.Application) -> None:
    folder = resources.files("simulators.cloud") / "page"
    for path, (name, kind) in FILES.items():
        app.router.add_get(path, _serve((folder / name).read_bytes(), kind))


def _serve(content: bytes, kind: str) -> Handler:
    async def serve(_request: web.Request) -> web.Response:
        return web.Response(body=content, content_type=kind, charset="utf-8")

    return serve
