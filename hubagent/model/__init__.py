"""The vocabulary that drivers, rules, uplink and API share. It imports the standard library only."""
