"""The local API: CoAP resources (`server`), what they show (`views`), and the other end (`client`)."""
