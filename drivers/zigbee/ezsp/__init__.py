"""EZSP, the serial protocol of Silicon Labs' Zigbee sticks: frames of versions 13 to 19, for both ends of the cable.

One module a chapter of UG100 (EZSP Reference Guide), `table` lists all of them. Nothing here waits, sends or remembers.
"""
