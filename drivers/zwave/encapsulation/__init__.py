"""What is put around a command on its way over the air, and taken off again: one small module a layer."""
