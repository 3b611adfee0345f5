"""bellows and zigpy as a host for the simulated Zigbee dongle.

They are GPL-3.0, so `script.py` runs in a process and an environment of its own; `host.py` tells it what to do.
"""
