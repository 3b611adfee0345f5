"""A fault of a site beyond its world: of the hub's host, or of its way to the cloud. And what most of them need."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from simulators.fault_kind import FaultKind, Heal
from simulators.internet.broker import Broker
from simulators.internet.network import Internet
from simulators.site.cloud import SiteCloud
from simulators.site.site import Site

THE_HUB: Final = "hub"
THE_NET: Final = "net"
THE_CLOUD: Final = "cloud"
THE_BROKER: Final = "broker"


class SiteFault(FaultKind[Site]):
    """`targets` are of one site: some have no cloud, some no broker."""

    __slots__ = ()


def the_hub(_site: Site) -> Sequence[str]:
    return (THE_HUB,)


def the_net(site: Site) -> Sequence[str]:
    return () if site.net is None else (THE_NET,)


def the_cloud(site: Site) -> Sequence[str]:
    return () if site.cloud is None else (THE_CLOUD,)


def the_broker(site: Site) -> Sequence[str]:
    return (THE_BROKER,) if isinstance(site.server, Broker) else ()


def net_of(site: Site) -> Internet:
    assert site.net is not None
    return site.net


def cloud_of(site: Site) -> SiteCloud:
    assert site.cloud is not None
    return site.cloud


def broker_of(site: Site) -> Broker:
    assert isinstance(site.server, Broker)
    return site.server


def put(site: Site, name: str, read: Callable[[], Any], write: Callable[[Any], None], value: Any) -> Heal:
    """A setting that several faults may want: the latest counts, until it is healed."""
    return site.world.setting(name, read, write).put(value)


def put_attribute(site: Site, of: object, name: str, value: Any) -> Heal:
    return put(
        site, f"{type(of).__name__} {name}", lambda: getattr(of, name), lambda new: setattr(of, name, new), value
    )
