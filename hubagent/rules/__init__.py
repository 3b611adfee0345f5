"""Rules: `rule` and `reading` are what they say, `analysis` what is wrong with them, `executor` carries them out."""
