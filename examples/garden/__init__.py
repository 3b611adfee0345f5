"""A driver for a box in the garden, on a serial line (line.py): a valve, and a probe in the soil."""
