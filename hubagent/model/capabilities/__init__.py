"""One module a capability, named and shaped after Matter's clusters. `table` lists them."""
