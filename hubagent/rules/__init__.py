"""Rules: what they say (`rule`), and what makes them happen (`engine`)."""
