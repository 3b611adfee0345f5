"""What must be true of a hub and its cloud, whatever went wrong; seen from outside of both."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import cbor2

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.session.flows import BACKLOG_FRAMES_MAX
from simulators.runtime import START
from tests.helpers.uplink_cloud import Order, plain
from tests.helpers.uplink_hub import HUB, KIND

if TYPE_CHECKING:
    from tests.helpers.uplink_world import World


def check(world: "World", *, hour_passed: bool) -> list[str]:
    """What is wrong, in words."""
    return [
        *_messages(world),
        *_commands(world),
        *_twin(world),
        *_rest(world),
        *(_wishes(world) if hour_passed else ()),
    ]


def _messages(world: "World") -> Iterator[str]:
    arrived: set[int] = set()
    dropped: Counter[str] = Counter()
    for number, rows in enumerate(world.cloud.stored()):
        contents: Counter[int] = Counter()
        last: dict[tuple[bytes, str, int], int] = {}
        for incarnation, name, epoch, seq, content in rows:
            _at, kind, body = cbor2.loads(content)
            if seq <= last.get((incarnation, name, epoch), 0):
                yield f"database {number}: {name} {epoch}/{seq} came after {last[incarnation, name, epoch]}"
            last[incarnation, name, epoch] = seq
            if kind == KIND:
                contents[body["n"]] += 1
            elif kind == "dropped":
                dropped[body["class"]] += body["count"]
        twice = sorted(it for it, count in contents.items() if count > 1)
        if twice:
            yield f"database {number}: messages came twice: {twice[:10]}"
        arrived |= contents.keys()
    never_put = arrived - world.numbered.classes.keys()
    if never_put:
        yield f"messages that nobody put: {sorted(never_put)[:10]}"
    assert world.hub is not None
    put_now = {number for number, _ in world.hub._put}
    missing = (world.numbered.promised | put_now) - arrived
    for message_class in MessageClass:
        lost = [number for number in missing if world.numbered.classes[number] is message_class]
        said = dropped[message_class.value]
        if dropped["event"] or world.numbered.dropped[MessageClass.EVENT]:
            # Then there are reports among what was dropped.
            said = world.numbered.dropped[message_class]
        if len(lost) > said:
            yield (
                f"{len(lost)} {message_class.value} messages were lost, and {said} were said to be dropped: "
                f"{sorted(lost)[:10]}"
            )
    kept = {name.value: count for name, (count, _) in world.hub.outbox.counts().items() if count}
    if kept:
        yield f"still in the outbox: {kept}; the session is {world.hub.uplink.session.phase.value}"


def _commands(world: "World") -> Iterator[str]:
    effects: dict[tuple[str, float], list[float]] = {}
    for done in world.lamps.done:
        effects.setdefault((done.device, done.level), []).append(done.at)
    orders = {(it.device, it.level): it for it in world.cloud.orders}
    for key, times in effects.items():
        order = orders.get(key)
        if order is None:
            # Its cloud crashed before it could say which one it was.
            continue
        if len(times) > 1:
            yield f"a command had its effect {len(times)} times: {order}"
        late_s = START + times[0] - order.expires
        if late_s > 0:
            yield f"a command had its effect {late_s:.3f} s late: {order}"
    for key, order in orders.items():
        yield from _outcome(world, order, happened=key in effects)


def _outcome(world: "World", order: Order, *, happened: bool) -> Iterator[str]:
    found = world.cloud.state_of(order)
    if found is None:
        return
    state, outcome = found
    failed = (order.device, order.level) in world.lamps.unreachable
    match state, outcome:
        case "done", "confirmed" if not happened:
            yield f"called confirmed, and it had no effect: {order}"
        case "done", "unreachable" if happened or not failed:
            yield f"called unreachable, and it had its effect: {order}"
        case "done", _:
            pass
        case "queued" | "expired" | "refused", _ if happened or failed:
            yield f"called {state} ({outcome}), and it was carried out: {order}"


def _twin(world: "World") -> Iterator[str]:
    assert world.hub is not None
    shown: dict[str, Any] = world.cloud.devices(HUB) if world.cloud.consumer.hubs() else {}
    real = plain(world.hub.lamp_home.views())
    if shown != real:
        differing = sorted(name for name in {*shown, *real} if shown.get(name) != real.get(name))
        yield f"the cloud shows other devices than there are: {differing}"


def _wishes(world: "World") -> Iterator[str]:
    if world.cloud.wishes is None or not world.cloud.consumer.hubs():
        return
    version, _ = world.cloud.wishes
    assert world.hub is not None
    taken_up = world.hub.outbox.noted("desired")
    wished = world.cloud.consumer.hub(HUB).desired
    if taken_up != wished:
        yield f"wishes {wished} (asked for as {version}) were not taken up, the hub is at {taken_up}"


def _rest(world: "World") -> Iterator[str]:
    assert world.hub is not None
    session = world.hub.uplink.session
    if session.under_way:
        yield f"{session.under_way} messages are still taken to be under way"
    if len(session._flows._flows) > 4 + BACKLOG_FRAMES_MAX:
        yield f"{len(session._flows._flows)} streams are remembered"
    if len(session._commands._remembered) > 1024 or len(session._unread) > 64:
        yield "more is remembered than may be"
    if session.phase.value != "online":
        yield f"the session is {session.phase.value}"
