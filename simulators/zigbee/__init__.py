"""The simulated Zigbee stick, the network behind it and the devices in it. Codecs only: no machine of the agent's."""
