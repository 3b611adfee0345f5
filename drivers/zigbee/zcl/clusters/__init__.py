"""One module a cluster, named as the ZCL names it; `table` lists them."""
