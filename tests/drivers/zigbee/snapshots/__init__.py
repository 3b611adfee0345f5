"""What ZHA makes of real devices, and what is made of them here."""
