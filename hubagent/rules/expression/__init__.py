"""The small typed language of conditions and values: text → `tree` → `typed` against a home → closures."""
