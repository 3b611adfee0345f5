"""Bugs that real hubs have had, planted into ours, so that `sim chaos` can show that it finds them."""
