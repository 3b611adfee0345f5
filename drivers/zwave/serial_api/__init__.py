"""The functions of the Serial API: requests, responses and callbacks as frozen dataclasses. `table` lists them."""
