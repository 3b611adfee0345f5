"""What the API answers where it does not do what was asked: a word for programs and a sentence for people."""

import math

from aiohttp import web


class Problem(Exception):
    """Raised by a handler; becomes an answer."""

    def __init__(self, status: int, kind: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.kind = kind


def problem(status: int, kind: str, text: str, *, retry_after_s: float | None = None) -> web.Response:
    headers = {} if retry_after_s is None else {"Retry-After": str(max(1, math.ceil(retry_after_s)))}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return web.json_response({"v": 1, "error": {"kind": kind, "text": text}}, status=status, headers=headers)
