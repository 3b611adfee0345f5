"""zwave-js' names for the commands of switches, covers, locks, thermostats and what else acts."""

from typing import Final

from drivers.zwave.command_classes import switch_binary
from tests.drivers.zwave.command_classes.peer import Peer, duration_in_report, duration_in_set

PEERS: Final[dict[str, Peer]] = {
    "BinarySwitchCCSet": Peer(
        switch_binary.SwitchBinarySet,
        {"targetValue": lambda it: it.on, "duration": lambda it: duration_in_set(it.duration)},
    ),
    "BinarySwitchCCGet": Peer(switch_binary.SwitchBinaryGet),
    "BinarySwitchCCReport": Peer(
        switch_binary.SwitchBinaryReport,
        {
            "currentValue": lambda it: it.on,
            "targetValue": lambda it: it.target,
            "duration": lambda it: duration_in_report(it.duration),
        },
    ),
}
