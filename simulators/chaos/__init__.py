"""Everything goes wrong, by seed: faults are planned, struck and healed, and checks say what did not stay true."""
