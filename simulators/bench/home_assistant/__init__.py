"""Home Assistant as the peer of the rules: automations that mean what the bench's rules mean."""
