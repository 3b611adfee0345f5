"""Z-Wave command classes: one module a class, named as the specification names it. `table` lists them."""
