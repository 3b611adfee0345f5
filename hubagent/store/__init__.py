"""What outlives a restart: one SQLite file of records on shelves, each with its checksum."""
