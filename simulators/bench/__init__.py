"""The bench: how fast the agent answers a report, beside a bare echo and beside other hosts, over the same wire.

What is one radio's is in a package of its own, `zwave` and `zigbee`; each is a `scene.Scene` to the rest.
"""
