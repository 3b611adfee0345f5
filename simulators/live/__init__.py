"""A running world for eyes and hands: its floor plan, how everything really is, a page and an API to act on it."""
