"""The session: one hub's side of the conversation, as a machine. It knows no transport, no clock, no home."""
