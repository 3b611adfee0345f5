"""The bench: how fast the agent answers a report, beside a bare echo and beside zwave-js, over the same wire."""
