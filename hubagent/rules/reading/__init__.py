"""From TOML to rules: every mistake at once, each with its place."""
