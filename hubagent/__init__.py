"""The agent: what runs on the hub. It imports neither `drivers` nor `simulators`."""
