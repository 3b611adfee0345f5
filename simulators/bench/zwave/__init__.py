"""The bench on a Z-Wave stick, beside zwave-js."""
