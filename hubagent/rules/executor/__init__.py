"""Makes rules happen. `executor` is the machine; `items` go in, `effects` come out, the rest are parts of it."""
