"""A run as a picture: what was so, who did what, what the hub believed, and where it went wrong."""
