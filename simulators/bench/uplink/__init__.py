"""What the uplink costs and bears: a tap far away, what comes back by itself, and that the home does not notice."""
