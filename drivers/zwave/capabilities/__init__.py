"""The one place that knows both Z-Wave's words and ours: one module a group of command classes, listed in `table`."""
