"""The box in the garden, simulated: what is at the far side of the driver's port, and the soil around its probe."""

import asyncio

WETTER_PER_MIN = 2
"""Percent, while the valve is open."""


class GardenBox(asyncio.Protocol):
    def __init__(self, soil=50):
        self.soil = soil
        self.valve_open = False
        self.answers = True
        self._transport = None
        self._rain = None

    def connection_made(self, transport):
        self._transport = transport

    def connection_lost(self, exc):
        self._transport = None

    def data_received(self, data):
        for line in data.splitlines():
            if line == b"?":
                self._say_valve()
                self.dry_to(self.soil)
            elif self.answers:
                self.turn(line == b"VALVE ON")

    def turn(self, is_open):
        """By a command, or by somebody's hand."""
        self.valve_open = is_open
        if self._rain is not None:
            self._rain.cancel()
            self._rain = None
        if is_open:
            self._rain = asyncio.get_running_loop().call_later(60, self._get_wetter)
        self._say_valve()

    def dry_to(self, percent):
        self.soil = percent
        self._say(f"SOIL {percent}\n")

    def _get_wetter(self):
        self.dry_to(min(100, self.soil + WETTER_PER_MIN))
        self._rain = asyncio.get_running_loop().call_later(60, self._get_wetter)

    def _say_valve(self):
        self._say("VALVE ON\n" if self.valve_open else "VALVE OFF\n")

    def _say(self, line):
        if self._transport is not None:
            self._transport.write(line.encode())
