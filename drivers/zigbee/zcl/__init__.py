"""The Zigbee Cluster Library: the frames and values in which devices say what they are and do (ZCL8)."""
