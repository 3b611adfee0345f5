"""The hub's world, simulated: dongles, devices, homes, people. It stands on the agent and on the drivers' codecs."""
