"""What rules do: one module a kind. `table` lists them."""
