"""What a simulated node does in each cluster: one module a cluster, named as its codec is."""
