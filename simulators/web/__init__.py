"""A page and its API on this machine: who may ask, bounded bodies, live streams. Only this needs aiohttp."""
