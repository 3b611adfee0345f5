"""What can go wrong in a world on purpose: one module a family, all of them in `table`, switched by `switchboard`."""
