"""The one place that knows both Zigbee's words and ours: one module a family of clusters, listed in `table`."""
