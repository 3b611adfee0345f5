"""Firmware files for the OTA Upgrade cluster, which itself is `clusters.ota_upgrade`."""
