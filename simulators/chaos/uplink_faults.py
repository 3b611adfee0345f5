"""What goes wrong between the hub and its cloud, and in the cloud itself (faults 31 to 40 of the forty)."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from hubagent.uplink.transports.port import Lost, Trouble
from simulators.chaos.site_fault import (
    SiteFault,
    broker_of,
    cloud_of,
    net_of,
    put,
    put_attribute,
    the_broker,
    the_cloud,
    the_net,
)
from simulators.fault_kind import Choice, Ends, Flag, Heal, Number, Option, Options, Target, nothing_to_heal, number
from simulators.site.site import Site

_CERTIFICATES: Final = {
    "expired": Lost(Trouble.CERTIFICATE, "the cloud's certificate has expired"),
    "not_yet_valid": Lost(Trouble.CERTIFICATE, "the cloud's certificate is not yet valid"),
}
_PORTAL: Final = Lost(Trouble.PORTAL, "somebody else answered in the cloud's place")
_NO_NAME: Final = Lost(Trouble.NAME, "the name could not be resolved")
_LISTENS_AFTER_S: Final = 0.2
"""So soon a consumer is back at a broker that started anew."""
_Strike = Callable[[Site, str, Options], Heal]
_Targets = Callable[[Site], Sequence[str]]


def uplink_faults() -> Iterator[SiteFault]:
    yield from _on_the_way()
    yield from _before_the_door()
    yield from _in_the_broker()
    yield from _in_the_cloud()


def _on_the_way() -> Iterator[SiteFault]:
    yield _lasting("uplink.half_open", (31,), "nothing passes any more, and nobody is told", _half_open, the_net)
    yield SiteFault(
        name="uplink.reset",
        numbers=(32,),
        about="the connection is reset, and again after each return for a while",
        target=Target.UPLINK,
        ends=Ends.BY_ITSELF,
        strike=_reset,
        targets=the_net,
        options={
            "every": Number("from one reset to the next", "s", 0.01, 3600, 1, drawn=(0.1, 10)),
            "seconds": Number("for how long", "s", 0, 86_400, 0, drawn=(0, 60)),
        },
    )
    yield _lasting(
        "uplink.port_closed",
        (32,),
        "nobody answers at the cloud's address; who is connected stays so",
        lambda site, _target, _options: put_attribute(site, site.weather, "refusing", value=True),
        the_net,
    )
    yield _lasting(
        "uplink.slow",
        (33,),
        "next to nothing passes",
        _slow,
        the_net,
        rate=Number("in each direction", "B/s", 0.1, 1e9, 1, drawn=(1, 2000)),
    )
    yield _lasting(
        "uplink.far",
        (33,),
        "every frame takes its time",
        _far,
        the_net,
        seconds=Number("there", "s", 0, 60, 1, drawn=(0.1, 5)),
        jitter=Number("at most so much more", "s", 0, 60, 0, drawn=(0, 5)),
    )


def _before_the_door() -> Iterator[SiteFault]:
    yield _lasting(
        "uplink.dns",
        (34,),
        "the cloud's name is known, and then again not",
        _flapping_name,
        the_net,
        every=Number("from one to the other", "s", 0.1, 3600, 5, drawn=(0.5, 30)),
        cuts=Flag("the connection is lost, too", usual=True, drawn=True),
    )
    yield _lasting(
        "uplink.certificate",
        (35,),
        "the cloud's certificate is refused",
        lambda site, _, options: _kept_out(site, _CERTIFICATES[str(options["why"])]),
        the_net,
        why=Choice("for what", tuple(_CERTIFICATES), "expired", drawn=tuple(_CERTIFICATES)),
    )
    yield _lasting(
        "uplink.refused",
        (39,),
        "the cloud wants no connection now: 429, or 503",
        _refused,
        the_net,
        retry_after=Number("when to try again, as it says; 0: it says nothing", "s", 0, 3600, 0, drawn=(0, 60)),
    )
    yield _lasting(
        "uplink.portal",
        (40,),
        "a captive portal answers in the cloud's place",
        lambda site, _target, _options: _kept_out(site, _PORTAL),
        the_net,
    )


def _in_the_broker() -> Iterator[SiteFault]:
    yield SiteFault(
        name="broker.sessions_lost",
        numbers=(36,),
        about="the broker starts anew, and has forgotten all that it kept",
        target=Target.UPLINK,
        ends=Ends.AT_ONCE,
        strike=_sessions_lost,
        targets=the_broker,
    )
    yield _lasting(
        "broker.down",
        (36,),
        "the broker is killed, and comes back with what it had saved last",
        _broker_down,
        the_broker,
    )
    yield _lasting(
        "broker.quota",
        (39,),
        "the broker refuses frames: quota exceeded",
        lambda site, _, options: put_attribute(site, broker_of(site), "refused_share", number(options, "rate")),
        the_broker,
        rate=Number("of one frame", "chance", 0, 1, 0.3, drawn=(0.05, 0.9)),
    )


def _in_the_cloud() -> Iterator[SiteFault]:
    yield _manner("uplink.doubled", (37,), "frames from the cloud come twice", "doubled", _rate(0.5))
    yield SiteFault(
        name="uplink.old",
        numbers=(37,),
        about="something that the cloud said before is said once more, commands too",
        target=Target.UPLINK,
        ends=Ends.AT_ONCE,
        strike=_something_old,
        targets=the_cloud,
    )
    yield _manner("uplink.reordered", (38,), "frames from the cloud overtake one another", "shuffled_s", _up_to(2, 6))
    yield _manner("uplink.late_acks", (38,), "acknowledgements are late", "late_s", _up_to(5, 30))
    yield _manner("uplink.acks_lost", (38,), "what came is kept, and never acknowledged", "acks_lost", _rate(0.5))
    yield _lasting(
        "cloud.crash",
        (38,),
        "the cloud's process is gone, with all that it had not committed",
        _cloud_down,
        the_cloud,
    )
    yield _lasting(
        "cloud.crash_at_commit",
        (38,),
        "the cloud's process dies at a commit: before it, or before the acknowledgement that it makes true",
        _crash_at_commit,
        the_cloud,
        commits=Number("which one from now on", "", 1, 1_000_000, 1, drawn=(1, 20), whole=True),
        before=Flag("before it", usual=False, drawn=True),
    )
    yield _lasting(
        "uplink.window",
        (29,),
        "the cloud takes next to nothing, so that the hub's queues fill",
        _window,
        the_cloud,
        messages=Number("that may be under way", "", 0, 100_000, 0, drawn=(0, 3), whole=True),
    )


def _lasting(
    name: str, numbers: tuple[int, ...], about: str, strike: _Strike, targets: _Targets, **options: Option
) -> SiteFault:
    return SiteFault(
        name=name,
        numbers=numbers,
        about=about,
        target=Target.UPLINK,
        ends=Ends.HEALED,
        strike=strike,
        targets=targets,
        options=options,
        lasts_s=(1.0, 180.0),
    )


def _manner(name: str, numbers: tuple[int, ...], about: str, manner: str, option: Option) -> SiteFault:
    def strike(site: Site, _: str, options: Options) -> Heal:
        return put_attribute(site, cloud_of(site).manners, manner, number(options, "by"))

    return _lasting(name, numbers, about, strike, the_cloud, by=option)


def _rate(usual: float) -> Number:
    return Number("of one frame", "chance", 0, 1, usual, drawn=(0.05, 0.9))


def _up_to(usual: float, most: float) -> Number:
    return Number("at most", "s", 0, 3600, usual, drawn=(0.1, most))


# --- what they do


def _half_open(site: Site, _target: str, _options: Options) -> Heal:
    net = net_of(site)

    def write(frozen: bool) -> None:
        (net.freeze if frozen else net.thaw)()

    return put(site, "half-open", lambda: net.frozen, write, value=True)


def _reset(site: Site, _: str, options: Options) -> Heal:
    net, loop, every = net_of(site), site.world.loop, number(options, "every")
    ends_at = loop.time() + number(options, "seconds")
    timer: list[asyncio.TimerHandle] = []

    def cut() -> None:
        timer.clear()
        net.cut()
        if loop.time() + every <= ends_at:
            timer.append(loop.call_later(every, cut))

    def heal() -> None:
        for it in timer:
            it.cancel()

    cut()
    return heal


def _slow(site: Site, _: str, options: Options) -> Heal:
    weather, net = site.weather, net_of(site)

    def write(rate: float | None) -> None:
        weather.bytes_per_s = rate
        net.clear_up()

    return put(site, "rate", lambda: weather.bytes_per_s, write, number(options, "rate"))


def _far(site: Site, _: str, options: Options) -> Heal:
    heals = [
        put_attribute(site, site.weather, "delay_s", number(options, "seconds")),
        put_attribute(site, site.weather, "jitter_s", number(options, "jitter")),
    ]

    def heal() -> None:
        for it in heals:
            it()

    return heal


def _kept_out(site: Site, lost: Lost) -> Heal:
    """Who is connected loses it, too: a server that started anew, another network."""
    heal = put_attribute(site, site.weather, "trouble", lost)
    net_of(site).cut(lost)
    return heal


def _refused(site: Site, _: str, options: Options) -> Heal:
    after = number(options, "retry_after")
    detail = "429 Too Many Requests" if after else "503 Service Unavailable"
    return _kept_out(site, Lost(Trouble.REFUSED, detail, retry_after_s=after or None))


def _flapping_name(site: Site, _: str, options: Options) -> Heal:
    loop, every = site.world.loop, number(options, "every")
    known: list[Heal] = []
    timer: list[asyncio.TimerHandle] = []

    def flap() -> None:
        timer[:] = [loop.call_later(every, flap)]
        if known:
            known.pop()()
        else:
            known.append(put_attribute(site, site.weather, "trouble", _NO_NAME))

    def heal() -> None:
        for it in timer:
            it.cancel()
        timer.clear()
        for end in known:
            end()
        known.clear()

    flap()
    if options["cuts"]:
        net_of(site).cut()
    return heal


def _sessions_lost(site: Site, _target: str, _options: Options) -> Heal:
    broker = broker_of(site)
    if broker.up:
        broker.lose_sessions()
        _listen_soon(site)
    return nothing_to_heal


def _broker_down(site: Site, _target: str, _options: Options) -> Heal:
    broker = broker_of(site)

    def write(up: bool) -> None:
        if up and not broker.up:
            broker.start()
            _listen_soon(site)
        elif not up:
            broker.kill()

    return put(site, "broker", lambda: broker.up, write, value=False)


def _listen_soon(site: Site) -> None:
    site.world.loop.call_later(_LISTENS_AFTER_S, cloud_of(site).listen)


def _something_old(site: Site, _target: str, _options: Options) -> Heal:
    cloud_of(site).say_something_old()
    return nothing_to_heal


def _cloud_down(site: Site, _target: str, _options: Options) -> Heal:
    cloud = cloud_of(site)

    def write(up: bool) -> None:
        (cloud.start if up else cloud.crash)()

    return put(site, "cloud", lambda: cloud.service is not None, write, value=False)


def _crash_at_commit(site: Site, _: str, options: Options) -> Heal:
    cloud = cloud_of(site)
    ends: list[Heal] = []
    healed: list[bool] = []
    if cloud.service is None:
        return nothing_to_heal

    def crash() -> None:
        ends.append(_cloud_down(site, "", {}))
        if healed:
            # It was called off in the same instant in which it happened.
            heal()

    call_off = cloud.crash_at(int(number(options, "commits")), crash, before=bool(options["before"]))

    def heal() -> None:
        healed.append(True)
        call_off()
        for end in ends:
            end()
        ends.clear()

    return heal


def _window(site: Site, _: str, options: Options) -> Heal:
    cloud = cloud_of(site)
    return put(site, "window", lambda: cloud.bounds.window, cloud.set_window, int(number(options, "messages")))
