"""Drivers: one package a radio or network, each found by the entry-point group `hubagent.drivers`."""
