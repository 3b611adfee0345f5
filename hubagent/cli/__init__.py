"""The command line: each command parses, makes one call, and renders. Data on stdout, everything else on stderr."""
