"""The Zigbee Device Objects: who a node is, where it is and what its tables hold (Zigbee Specification, 2.4)."""
