"""Automations of Home Assistant, from YAML."""
