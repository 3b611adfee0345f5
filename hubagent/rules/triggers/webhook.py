"""`{ webhook = "evening" }`: somebody called the hub's API by this name."""

from dataclasses import dataclass, field

from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class WebhookTrigger:
    name: str
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
