"""Physical devices: what a hand can touch and an eye can see. They know no protocol, no hub and no home."""
