"""What sets rules off: one module a kind. `table` lists them, `nature` is what the engine knows of them."""
