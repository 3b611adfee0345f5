"""zigbee2mqtt as a host for the simulated Zigbee dongle, the broker it needs, and a client of that."""
