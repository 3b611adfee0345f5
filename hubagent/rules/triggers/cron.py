"""`{ cron = "*/5 8-18 * * mon-fri" }`."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst
from hubagent.rules.reading.form import Form
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.reading.wrong import Wrong, shown
from hubagent.rules.schedule import check_cron, next_cron
from hubagent.rules.triggers.fields import ID
from hubagent.rules.where import Where
from hubagent.toml_lines import NOWHERE, Spot

TEXT_LENGTH_MAX: Final = 200


def _cron(value: Any) -> str:
    if not isinstance(value, str) or len(value) > TEXT_LENGTH_MAX or len(value.split()) != 5:
        raise Wrong(f'is minute, hour, day, month and weekday, as "*/5 8-18 * * mon-fri"; not {shown(value)}')
    line = " ".join(value.split())
    try:
        check_cron(line)
    except ValueError as error:
        raise Wrong(f"{error}; minute, hour, day, month and weekday are meant: {shown(value)}") from error
    return line


_CRON: Final = Form(
    _cron,
    {"type": "string", "pattern": r"^\s*(\S+\s+){4}\S+\s*$", "maxLength": TEXT_LENGTH_MAX},
    'minute hour day month weekday, as "*/5 8-18 * * mon-fri"',
)


@dataclass(frozen=True, slots=True)
class CronTrigger:
    FIELDS: ClassVar = Fields({"cron": Field(_CRON, "when, on the home's clock", into="text", required=True), "id": ID})

    text: str
    dst: Dst = AS_PEOPLE_EXPECT
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def next_after(self, utc: float, where: Where) -> float | None:
        return next_cron(utc, where, self.text, self.dst)
