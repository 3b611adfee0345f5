"""How frames travel. The session knows `port` only; each other module is one way."""
