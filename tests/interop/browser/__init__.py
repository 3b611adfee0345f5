"""A real browser, told what to do."""
