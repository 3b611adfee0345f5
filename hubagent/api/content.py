"""How the API's values travel: CBOR (content-format 60) or JSON (50), and problems as RFC 9290 describes them."""

import json
from typing import Any, Final

import cbor2

JSON: Final = 50
CBOR: Final = 60
PROBLEM_CBOR: Final = 257
"""application/concise-problem-details+cbor (RFC 9290, section 6.3)."""

_TITLE: Final = -1
_DETAIL: Final = -2
_RESPONSE_CODE: Final = -4
_EXTENSION: Final = "tag:hubagent,2026:problem"
"""RFC 9290, section 3: an entry of one's own has a URI for its key and a map for its value."""


class BadContent(ValueError):
    """A payload that cannot be read; the text says why."""


def encode(value: Any, content_format: int) -> bytes:
    if content_format == JSON:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return cbor2.dumps(value)


def decode(payload: bytes, content_format: int | None) -> Any:
    """What a request or an answer says; without a format it is taken for CBOR. Raises BadContent."""
    if not payload:
        return {}
    try:
        if content_format == JSON:
            return json.loads(payload)
        if content_format in (CBOR, None):
            return cbor2.loads(payload)
    except (ValueError, EOFError, RecursionError, cbor2.CBORError) as error:
        raise BadContent(f"the payload cannot be read: {error}") from error
    raise BadContent(f"the content-format is {JSON} (JSON) or {CBOR} (CBOR), not {content_format}")


def encode_problem(kind: str, title: str, detail: str, code: int, content_format: int) -> tuple[bytes, int]:
    """The payload, and its own content-format."""
    if content_format == JSON:
        return encode({"kind": kind, "title": title, "detail": detail, "code": code}, JSON), JSON
    problem = {_TITLE: title, _DETAIL: detail, _RESPONSE_CODE: code, _EXTENSION: {"kind": kind}}
    return cbor2.dumps(problem), PROBLEM_CBOR


def decode_problem(payload: bytes, content_format: int | None) -> tuple[str, str]:
    """Kind and detail of a problem; kind is empty where it is somebody else's."""
    try:
        problem = decode(payload, CBOR if content_format == PROBLEM_CBOR else content_format)
    except BadContent:
        return "", payload.decode(errors="replace")
    if not isinstance(problem, dict):
        return "", str(problem)
    if content_format == PROBLEM_CBOR:
        return str(problem.get(_EXTENSION, {}).get("kind", "")), str(problem.get(_DETAIL, ""))
    return str(problem.get("kind", "")), str(problem.get("detail", ""))
