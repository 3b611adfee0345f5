"""The bench on a Zigbee stick, beside bellows with zigpy, and zigbee2mqtt."""
