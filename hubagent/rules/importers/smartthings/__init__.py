"""Rules of SmartThings, from the JSON of its Rules API."""
