"""How devices differ from the standard, as data: one module a maker, listed in `table`. Nothing here decides."""
