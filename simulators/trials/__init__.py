"""The `[[test]]` tables of rule files, played by a whole agent in virtual time against a world that is not real."""
