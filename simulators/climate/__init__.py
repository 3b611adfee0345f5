"""Weather, sun and rooms: what air and light do by themselves. They know no protocol, no hub and no agent."""
