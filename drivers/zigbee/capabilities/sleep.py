"""Poll Control: a device that sleeps says now and then that it is there (ZCL8 §3.16), and what waits for it goes out.

Without this a sensor to which nothing happens may not be heard for half a day, and what the hub missed of it would not
be known for as long. What it is answered is in `answers`.
"""

from drivers.zigbee.capabilities.translation import Translation
from drivers.zigbee.zcl.clusters import poll_control

SLEEP = (Translation(poll_control.CLUSTER_ID, applies=lambda place: place.record.sleeps),)
