"""`{ http = "https://example.org/door", method = "POST", body = "{hall.door}" }`, to hosts that hub.toml allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.expression.template import Template


@dataclass(frozen=True, slots=True)
class HttpAction:
    url: str
    host: str
    """As `[rules] allow_hosts` has it: with the port where the URL names one."""
    method: str = "GET"
    body: Template | None = None
    timeout_s: float = 5.0
    retry: int = 0
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
