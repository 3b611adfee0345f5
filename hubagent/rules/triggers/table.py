"""The triggers there are."""

from typing import Any, Final

from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.cron import CronTrigger
from hubagent.rules.triggers.joined import JoinedTrigger
from hubagent.rules.triggers.mode import ModeTrigger
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.offline import OfflineTrigger
from hubagent.rules.triggers.outcome import OutcomeTrigger
from hubagent.rules.triggers.scene import SceneTrigger
from hubagent.rules.triggers.start import StartTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.triggers.sun import SunTrigger
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.rules.triggers.webhook import WebhookTrigger

EdgeTrigger = StateTrigger | NumericTrigger
SignalTrigger = (
    ButtonTrigger
    | OfflineTrigger
    | JoinedTrigger
    | ModeTrigger
    | StartTrigger
    | WebhookTrigger
    | SceneTrigger
    | OutcomeTrigger
)
OccurrenceTrigger = TimeTrigger | CronTrigger | SunTrigger
Trigger = EdgeTrigger | SignalTrigger | OccurrenceTrigger

TRIGGERS: Final[dict[str, Any]] = {
    "state": StateTrigger,
    "numeric": NumericTrigger,
    "button": ButtonTrigger,
    "time": TimeTrigger,
    "cron": CronTrigger,
    "sun": SunTrigger,
    "offline": OfflineTrigger,
    "joined": JoinedTrigger,
    "mode": ModeTrigger,
    "start": StartTrigger,
    "webhook": WebhookTrigger,
    "scene": SceneTrigger,
    "rule": OutcomeTrigger,
}
"""By the key that tells a kind."""
