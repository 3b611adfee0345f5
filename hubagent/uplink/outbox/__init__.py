"""What the hub has to say to the cloud, kept until the cloud has said that it has it."""
