"""Who may be asked how the home is: the things themselves, the hub, or the cloud. Each may be wrong but the first.

An answer of None is that nobody knows there: the hub is off, or the device has not said it yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId
from hubagent.rules.names import UnknownName
from simulators.cloud.items import ANEW, Changed
from simulators.cloud.service import Service
from simulators.cloud.twins import view_of
from simulators.devices.device import Device as Thing
from simulators.site.hub import HUB as HUB_NAME
from simulators.site.site import Site
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.truth import Read, as_the_hub_would_say, in_words_of, shown_by, whole_and_parts

__tracebackhide__ = speaks_for_itself

TRUTH: Final = "truth"
HUB: Final = "hub"
CLOUD: Final = "cloud"


class Belief(Protocol):
    name: str
    """How people say whom they ask: `of="hub"`."""

    def devices(self) -> Mapping[DeviceId, Device]:
        """Those that are known there, or were when somebody was last there."""
        ...

    def value(self, device: DeviceId, attribute: str) -> Value: ...


class Truth:
    """The things themselves. Their names are their identifiers."""

    name = TRUTH

    def __init__(self, site: Site) -> None:
        self.things: dict[str, Thing] = {}
        """Also the parts of those that have parts."""
        self._radios: dict[str, str] = {}
        for name, placed in site.world.devices.items():
            things = whole_and_parts(name, placed.device)
            self.things.update(things)
            self._radios.update(dict.fromkeys(things, "" if placed.dongle is None else placed.dongle.name))
        self._shown: dict[str, Mapping[str, Read]] = {name: shown_by(thing) for name, thing in self.things.items()}
        self._devices = {name: as_the_hub_would_say(name, thing) for name, thing in self.things.items()}

    def devices(self) -> Mapping[DeviceId, Device]:
        return self._devices

    def attributes(self, device: str) -> Mapping[str, Read]:
        return self._shown[device]

    def value(self, device: DeviceId, attribute: str) -> Value:
        """Raises UnknownName for what no eye could see of it."""
        shown = self._shown[device]
        if attribute not in shown:
            hint = f"; what it shows is {', '.join(shown) or 'nothing'}"
            raise UnknownName(f"nobody can see {attribute!r} of {device}", hint)
        return in_words_of(self._radios[device], attribute, shown[attribute](self.things[device]))


class HubBelief:
    """What the hub was told last. A device that is silent is believed to be as it was; rules know better."""

    name = HUB

    def __init__(self, site: Site) -> None:
        self._hub = site.hub
        self._known: Mapping[DeviceId, Device] = {}
        self.devices()

    def devices(self) -> Mapping[DeviceId, Device]:
        if self._hub.agent is not None:
            self._known = dict(self._hub.agent.home.devices)
        return self._known

    def value(self, device: DeviceId, attribute: str) -> Value:
        if self._hub.agent is None:
            return None
        for readings in self._hub.agent.home.state(device).values():
            if attribute in readings:
                return readings[attribute].value
        return None


class CloudBelief:
    """What the cloud was told last, whichever process of it was told."""

    name = CLOUD

    def __init__(self, site: Site) -> None:
        self.on_change: Callable[[], None] = lambda: None
        """Called when something is other than before."""
        self.views: dict[DeviceId, Mapping[str, Any]] = {}
        self._cloud = site.cloud
        self._site = site
        self._hub = HubBelief(site)
        if self._cloud is not None:
            before = self._cloud.on_start

            def started(service: Service) -> None:
                before(service)
                self._started(service)

            self._cloud.on_start = started
            if self._cloud.service is not None:
                self._started(self._cloud.service)

    def devices(self) -> Mapping[DeviceId, Device]:
        # It knows them by the same identifiers, but has its own word on how they are called.
        return {key: replace(it, name=self._name_of(key, it.name)) for key, it in self._hub.devices().items()}

    def value(self, device: DeviceId, attribute: str) -> Value:
        if self._cloud is None or self._cloud.service is None:
            return None
        return self.attributes(device).get(attribute)

    def attributes(self, device: DeviceId) -> Mapping[str, Value]:
        """Of a device or of a part of one."""
        view = view_of(self.views, device) or {}
        return {name: value for values in view.get("capabilities", {}).values() for name, value in values.items()}

    def _started(self, service: Service) -> None:
        self.views = self._all()
        service.listen(self._heard)
        self.on_change()

    def _heard(self, changed: Changed) -> None:
        if changed.what == ANEW:
            self.views = self._all()
        elif changed.what == "devices":
            for device, view in changed.view["devices"].items():
                if view is None:
                    self.views.pop(device, None)
                else:
                    self.views[device] = view
        else:
            return
        self.on_change()

    def _all(self) -> dict[DeviceId, Mapping[str, Any]]:
        """Nothing of a hub that it never heard of, or has forgotten."""
        known = self._cloud is not None and self._cloud.consumer.is_known(HUB_NAME)
        return dict(self._site.cloud_picture()) if known else {}

    def _name_of(self, device: DeviceId, name: str) -> str:
        view = view_of(self.views, device)
        return name if view is None else str(view.get("name", name))
