"""The real bellows and zigpy as a host on a port, told what to do by lines of JSON on stdin.

A line in: `{"id": 1, "do": "read", ...}`. A line out: `{"id": 1, "result": ...}`, `{"id": 1, "error": "..."}`, or, when
something happens by itself, `{"event": "report", ...}`. It ends when stdin does. Their log goes to stderr.

    .peers/venv/bin/python script.py socket://127.0.0.1:PORT | /path/of/a/pty
"""

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterable
from typing import Any

import zigpy.config as conf  # type: ignore[import-not-found]
import zigpy.types as t  # type: ignore[import-not-found]
from bellows.zigbee.application import ControllerApplication  # type: ignore[import-not-found]
from zigpy.backups import NetworkBackup  # type: ignore[import-not-found]
from zigpy.util import convert_install_code  # type: ignore[import-not-found]
from zigpy.zcl.foundation import GeneralCommand, ReadReportingConfigRecord  # type: ignore[import-not-found]

LINE_MAX = 1 << 20
DATABASE = conf.CONF_DATABASE
PROBLEMS_MAX = 1000

Line = dict[str, Any]


def say(what: Line) -> None:
    sys.stdout.write(json.dumps(what, default=plain) + "\n")
    sys.stdout.flush()


def plain(value: Any) -> Any:
    """What JSON has no word for: their structures, lists and enumerations."""
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if isinstance(value, bytes):
        return value.hex()
    return list(value) if isinstance(value, Iterable) else str(value)


class Problems(logging.Handler):
    """Warnings and errors of their log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.lines) < PROBLEMS_MAX:
            self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


class Watcher:
    """What zigpy calls when something happens; everything becomes an event."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def device_joined(self, device: Any) -> None:
        say({"event": "joined", "ieee": str(device.ieee), "nwk": device.nwk})

    def device_initialized(self, device: Any) -> None:
        self.watch(device)
        say({"event": "initialized", "ieee": str(device.ieee)})

    def device_init_failure(self, device: Any) -> None:
        say({"event": "not initialized", "ieee": str(device.ieee)})

    def device_left(self, device: Any) -> None:
        say({"event": "left", "ieee": str(device.ieee)})

    def device_removed(self, device: Any) -> None:
        say({"event": "removed", "ieee": str(device.ieee)})

    def connection_lost(self, reason: Any) -> None:
        say({"event": "connection lost", "reason": repr(reason)})

    def watch(self, device: Any) -> None:
        """Tell of every report and command of its clusters."""
        for endpoint in device.non_zdo_endpoints:
            for cluster in (*endpoint.in_clusters.values(), *endpoint.out_clusters.values()):
                if id(cluster) not in self._known:
                    self._known.add(id(cluster))
                    cluster.on_event("attribute_report", reported)
                    cluster.add_listener(ClusterWatcher(cluster))


def reported(event: Any) -> None:
    say(
        {
            "event": "report",
            "ieee": event.device_ieee,
            "endpoint": event.endpoint_id,
            "cluster": event.cluster_id,
            "attribute": event.attribute_name or event.attribute_id,
            "value": number_or_text(event.value),
        }
    )


class ClusterWatcher:
    def __init__(self, cluster: Any) -> None:
        self._cluster = cluster

    def cluster_command(self, tsn: int, command: int, arguments: Any) -> None:
        endpoint = self._cluster.endpoint
        say(
            {
                "event": "command",
                "ieee": str(endpoint.device.ieee),
                "endpoint": endpoint.endpoint_id,
                "cluster": self._cluster.cluster_id,
                "command": int(command),
                "arguments": [number_or_text(argument) for argument in arguments],
            }
        )


def number_or_text(value: Any) -> Any:
    """Their enumerations and bitmaps are numbers, whose names are theirs."""
    if isinstance(value, bool) or type(value) is t.Bool:
        return bool(value)
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else str(value)


class Host:
    """One application at a time; each method that does not begin with an underscore is something to `do`."""

    def __init__(self, port: str, problems: Problems) -> None:
        self._port = port
        self._problems = problems
        self._app: Any = None

    async def start(self, channel: int, form: bool = True, database: str | None = None) -> Line:
        """Without a database zigpy knows no backup, so `form` means a new network where the dongle is in none."""
        await self._make(channel, database)
        await self._app.startup(auto_form=form)
        watcher = Watcher()
        self._app.add_listener(watcher)
        for device in self._app.devices.values():
            watcher.watch(device)
        return await self.network()

    async def stop(self) -> None:
        if self._app is not None:
            app, self._app = self._app, None
            await app.shutdown()

    async def network(self) -> Line:
        await self._app.load_network_info(load_devices=False)
        info, node = self._app.state.network_info, self._app.state.node_info
        return {
            "channel": info.channel,
            "pan_id": info.pan_id,
            "extended_pan_id": str(info.extended_pan_id),
            "key": info.network_key.key.serialize().hex(),
            "frame_counter": info.network_key.tx_counter,
            "ieee": str(node.ieee),
            "manufacturer": node.manufacturer,
            "model": node.model,
            "firmware": node.version,
            "version": info.metadata["ezsp"]["stack_version"],
        }

    async def permit(self, seconds: int) -> None:
        await self._app.permit(seconds)

    async def permit_with_code(self, ieee: str, code: str, seconds: int) -> None:
        """`code` is an install code with its CRC."""
        key = convert_install_code(bytes.fromhex(code))
        await self._app.permit_with_link_key(t.EUI64.convert(ieee), key, seconds)

    async def devices(self) -> dict[str, Line]:
        return {str(ieee): self._described(device) for ieee, device in self._app.devices.items()}

    async def read(self, attributes: list[str], **place: Any) -> Line:
        succeeded, failed = await self._cluster(**place).read_attributes(attributes)
        return {
            **{name: number_or_text(value) for name, value in succeeded.items()},
            **{name: {"status": int(status)} for name, status in failed.items()},
        }

    async def write(self, values: Line, **place: Any) -> list[int]:
        wanted = {name: t.EUI64.convert(it) if isinstance(it, str) and ":" in it else it for name, it in values.items()}
        (records,) = await self._cluster(**place).write_attributes(wanted)
        return [int(record.status) for record in records]

    async def command(self, command: str, arguments: Line | None = None, **place: Any) -> Any:
        answer = await getattr(self._cluster(**place), command)(**(arguments or {}))
        return None if answer is None else {name: number_or_text(it) for name, it in answer.as_dict().items()}

    async def bind(self, **place: Any) -> int:
        return int((await self._cluster(**place).bind())[0])

    async def unbind(self, **place: Any) -> int:
        return int((await self._cluster(**place).unbind())[0])

    async def configure(self, attribute: str, min_s: int, max_s: int, change: int, **place: Any) -> list[int]:
        results = await self._cluster(**place).configure_reporting(attribute, min_s, max_s, change)
        return [int(status) for status in results.values()]

    async def reporting(self, attribute: str, **place: Any) -> Line:
        """What the device says its reporting is."""
        cluster = self._cluster(**place)
        record = ReadReportingConfigRecord(direction=0, attrid=cluster.find_attribute(attribute).id)
        answer = await cluster.general_command(GeneralCommand.Read_Reporting_Configuration, [record])
        (it,) = answer.attribute_configs
        return {"status": int(it.status), "min_s": it.config.min_interval, "max_s": it.config.max_interval}

    async def join_group(self, group: int, ieee: str, endpoint: int) -> int:
        device = self._app.get_device(ieee=t.EUI64.convert(ieee))
        return int(await device.endpoints[endpoint].add_to_group(group, name="tested"))

    async def leave_group(self, group: int, ieee: str, endpoint: int) -> int:
        device = self._app.get_device(ieee=t.EUI64.convert(ieee))
        return int(await device.endpoints[endpoint].remove_from_group(group))

    async def group_command(self, group: int, cluster: int, command: str) -> None:
        await getattr(self._app.groups[group].endpoint[cluster], command)()

    async def neighbours(self, ieee: str) -> list[Line]:
        status, table = await self._app.get_device(ieee=t.EUI64.convert(ieee)).zdo.Mgmt_Lqi_req(0)
        assert status == 0, status
        return [
            {"ieee": str(it.ieee), "nwk": it.nwk, "type": int(it.device_type), "relationship": int(it.relationship)}
            for it in table.NeighborTableList
        ]

    async def energy_scan(self) -> dict[str, float]:
        energies = await self._app.energy_scan(channels=t.Channels.ALL_CHANNELS, duration_exp=2, count=1)
        return {str(channel): energy for channel, energy in energies.items()}

    async def move(self, channel: int) -> None:
        await self._app.move_network_to_channel(channel, num_broadcasts=1)

    async def backup(self) -> Any:
        """In the format that is common to several programs: the open coordinator backup."""
        return (await self._app.backups.create_backup(load_devices=True)).as_open_coordinator_json()

    async def restore(self, backup: Any, channel: int, counter_increment: int = 10_000) -> None:
        """Onto the dongle as it is, without starting it."""
        await self._make(channel, None)
        await self._app.connect()
        await self._app.backups.restore_backup(NetworkBackup.from_dict(backup), counter_increment=counter_increment)
        await self.stop()

    async def remove(self, ieee: str) -> None:
        await self._app.remove(t.EUI64.convert(ieee))

    async def watchdog(self) -> None:
        await self._app.watchdog_feed()

    async def problems(self) -> list[str]:
        return self._problems.lines

    async def _make(self, channel: int, database: str | None) -> None:
        await self.stop()
        self._app = await ControllerApplication.new(
            {
                conf.CONF_DEVICE: {conf.CONF_DEVICE_PATH: self._port},
                conf.CONF_DATABASE: database,
                # Without a channel it forms a network twice.
                conf.CONF_NWK: {conf.CONF_NWK_CHANNEL: channel},
                # True puts the port into a second thread.
                "use_thread": False,
                conf.CONF_OTA: {conf.CONF_OTA_ENABLED: False, conf.CONF_OTA_DISABLE_DEFAULT_PROVIDERS: []},
                conf.CONF_TOPO_SCAN_ENABLED: False,
                conf.CONF_NWK_BACKUP_ENABLED: False,
            },
            auto_form=False,
            start_radio=False,
        )

    def _cluster(self, ieee: str, endpoint: int, cluster: int, output: bool = False) -> Any:
        it = self._app.get_device(ieee=t.EUI64.convert(ieee)).endpoints[endpoint]
        return (it.out_clusters if output else it.in_clusters)[cluster]

    def _described(self, device: Any) -> Line:
        return {
            "nwk": device.nwk,
            "initialized": device.is_initialized,
            "manufacturer": device.manufacturer,
            "model": device.model,
            "mains": device.node_desc.is_mains_powered if device.node_desc else None,
            "router": device.node_desc.is_router if device.node_desc else None,
            "endpoints": {
                str(endpoint.endpoint_id): {
                    "profile": endpoint.profile_id,
                    "device_type": endpoint.device_type,
                    "inputs": sorted(endpoint.in_clusters),
                    "outputs": sorted(endpoint.out_clusters),
                }
                for endpoint in device.non_zdo_endpoints
            },
        }

    async def obey(self, line: Line) -> None:
        number, do = line.pop("id"), line.pop("do")
        assert not do.startswith("_")
        try:
            say({"id": number, "result": await getattr(self, do)(**line)})
        # Whatever goes wrong in there is what the test wants to know.
        except Exception as error:
            logging.getLogger("script").info("%s failed", do, exc_info=True)
            say({"id": number, "error": f"{type(error).__name__}: {error}"})


async def stdin_lines() -> AsyncIterator[Line]:
    reader = asyncio.StreamReader(limit=LINE_MAX)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        yield json.loads(line)


async def main(port: str) -> None:
    problems = Problems()
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(relativeCreated)d %(name)s %(message)s")
    logging.getLogger().addHandler(problems)
    host = Host(port, problems)
    async with asyncio.TaskGroup() as group:
        async for line in stdin_lines():
            group.create_task(host.obey(line))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await host.stop()
        # What was asked and not answered is of no use any more.
        sys.exit(0)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
