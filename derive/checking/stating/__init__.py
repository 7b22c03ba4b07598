"""The network that a document states itself: its definitions, read before any name is known."""
