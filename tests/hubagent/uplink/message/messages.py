"""Every message that can be said, for hypothesis to choose from; and what is said of each in the schema."""

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hubagent.uplink.message import down, up
from hubagent.uplink.message.channel import Down, MessageClass, Up
from hubagent.uplink.message.codec import DownMessage, UpMessage
from hubagent.uplink.message.fields import KEY_MAX, NUMBER_MAX, SECONDS_MAX

RULES: Final[dict[Up | Down, str]] = {
    Up.PRESENCE: "presence",
    Up.ALARM: "evt-alarm",
    Up.EVENT: "evt",
    Up.RESULT: "res",
    Up.TELEMETRY: "tel",
    Up.REPORTED: "rep",
    Up.REFUSED: "up-ack",
    Down.ACK: "down-ack",
    Down.COMMAND: "cmd",
    Down.DESIRED: "des",
    Down.JOB: "job-channel",
}
"""By channel, the rule of `schema.cddl` that says what may come on it."""

FEW: Final = 3
"""Of what there may be many of, so many are drawn: the bounds have tests of their own."""


def text(most: int = KEY_MAX) -> SearchStrategy[str]:
    return st.text(st.characters().filter(str.isprintable), min_size=1, max_size=min(most, 20))


hubs: Final = st.from_regex(r"[a-z0-9][a-z0-9-]{6,62}[a-z0-9]", fullmatch=True)
incarnations: Final = st.binary(min_size=up.INCARNATION_LENGTH, max_size=up.INCARNATION_LENGTH)
numbers: Final = st.integers(0, NUMBER_MAX)
seconds: Final = st.floats(0, SECONDS_MAX)
hours: Final = st.floats(0, down.SPREAD_MAX_S)
classes: Final = st.sampled_from(MessageClass)
scalars: Final[SearchStrategy[Any]] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10)
)


def plain(levels: int) -> SearchStrategy[Any]:
    """What JSON could hold as well, in at most so many lists and maps."""
    if levels == 0:
        return scalars
    below = plain(levels - 1)
    return scalars | st.lists(below, max_size=FEW) | st.dictionaries(text(), below, max_size=FEW)


@st.composite
def numbered(draw: st.DrawFn) -> up.Message:
    seq = draw(st.integers(1, NUMBER_MAX))
    return up.Message(draw(numbers), seq, draw(st.integers(0, seq - 1)), draw(st.binary(min_size=1, max_size=50)))


@st.composite
def reported(draw: st.DrawFn) -> up.Reported:
    version = draw(st.integers(1, NUMBER_MAX))
    device = st.none() | st.dictionaries(text(), plain(2), max_size=FEW)
    devices = draw(st.dictionaries(text(), device, max_size=FEW))
    return up.Reported(draw(hubs), draw(incarnations), version, draw(st.integers(0, version - 1)), devices)


arrived: Final = st.lists(st.builds(down.Arrived, classes, numbers, numbers), max_size=FEW).map(tuple)
windows: Final = st.integers(0, down.WINDOW_MAX)

MESSAGES: Final[dict[type, SearchStrategy[Any]]] = {
    up.Hello: st.builds(
        up.Hello,
        hub=hubs,
        incarnation=incarnations,
        boot=numbers,
        epoch=numbers,
        oldest=st.dictionaries(classes, st.tuples(numbers, numbers)),
        reported=numbers,
        desired=numbers,
        clock=seconds,
        clock_sure=st.booleans(),
        software=text(64),
        number=numbers,
    ),
    up.Offline: st.builds(up.Offline, hubs, numbers),
    up.Batch: st.builds(up.Batch, hubs, incarnations, classes, st.lists(numbered(), max_size=FEW).map(tuple)),
    up.Reported: reported(),
    up.Refused: st.builds(up.Refused, hubs, st.none() | text(64), st.sampled_from(up.REASONS), text()),
    down.Welcome: st.builds(
        down.Welcome, hubs, incarnations, numbers, arrived, windows, seconds, numbers, numbers, hours, numbers
    ),
    down.Ack: st.builds(down.Ack, hubs, incarnations, numbers, arrived, arrived, windows, numbers),
    down.Command: st.builds(
        down.Command,
        hub=hubs,
        boot=numbers,
        id=text(64),
        issued=seconds,
        expires=seconds,
        device=text(128),
        set=st.dictionaries(text(), scalars, min_size=1, max_size=FEW),
    ),
    down.Desired: st.builds(
        down.Desired,
        hubs,
        numbers,
        st.dictionaries(text(), st.dictionaries(text(), scalars, max_size=FEW), max_size=FEW),
    ),
    down.Job: st.builds(down.Job, hubs, numbers, text(64), seconds, seconds, text(32)),
    down.Bye: st.builds(down.Bye, hubs, numbers, text(), hours),
}
"""By type."""

messages: Final[SearchStrategy[UpMessage | DownMessage]] = st.one_of(*MESSAGES.values())
contents: Final = st.tuples(seconds, text(32), st.dictionaries(text(), plain(2), max_size=FEW))
