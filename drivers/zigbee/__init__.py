"""Zigbee: the EZSP host, from ASH frames on a port to what devices mean for a home."""
