"""What is wrong with a whole set of rules, or looks so: before any of them runs."""
