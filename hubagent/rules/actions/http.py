"""`{ http = "https://example.org/door", method = "POST", body = "{hall.door}" }`, to hosts that hub.toml allows."""

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from hubagent.rules.expression.template import Template
from hubagent.rules.reading.expression_form import template
from hubagent.rules.reading.form import Form, duration, whole, word_of
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.reading.wrong import Wrong, shown
from hubagent.toml_lines import NOWHERE, Spot

URL_LENGTH_MAX: Final = 2000
BODY_LENGTH_MAX: Final = 8000
TIMEOUT_MAX_S: Final = 60.0
RETRIES_MAX: Final = 5
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

# Narrow on purpose: no user, no brackets, no backslash, nothing that two readers could take for two hosts.
_URL: Final = re.compile(
    r"https?://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)([/?][!$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*)?"
)


def _url(value: Any) -> str:
    if not isinstance(value, str) or len(value) > URL_LENGTH_MAX or _URL.fullmatch(value) is None:
        raise Wrong(f'is an address, as "https://example.org/path", with its host in small letters; not {shown(value)}')
    return value


URL: Final = Form(_url, {"type": "string", "pattern": f"^{_URL.pattern}$", "maxLength": URL_LENGTH_MAX}, "an address")


@dataclass(frozen=True, slots=True)
class HttpAction:
    FIELDS: ClassVar = Fields(
        {
            "http": Field(URL, "the address; its host stands in hub.toml", into="url", required=True),
            "method": Field(word_of(METHODS), "the HTTP method", default='"POST" with a body, else "GET"'),
            "body": Field(template(BODY_LENGTH_MAX), "what is sent; {expressions} in braces"),
            "timeout": Field(duration(0.1, TIMEOUT_MAX_S), "for the whole answer", into="timeout_s", default='"5s"'),
            "retry": Field(whole(0, RETRIES_MAX), "how often to try again", default="0"),
        }
    )

    url: str
    method: str = ""
    """Empty: POST where there is a body, else GET."""
    body: Template | None = None
    timeout_s: float = 5.0
    retry: int = 0
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.method:
            object.__setattr__(self, "method", "GET" if self.body is None else "POST")
        if self.method == "GET" and self.body is not None:
            raise Wrong("has no body with GET", below=("body",))

    @property
    def host(self) -> str:
        """As `[rules] allow_hosts` has it: with the port where the URL names one."""
        match = _URL.fullmatch(self.url)
        assert match is not None, "the reader lets no other through"
        return match[1]
