"""Z-Wave over the Serial API of a 500-, 700- or 800-series controller."""
