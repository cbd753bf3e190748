"""The local HTTP endpoint: the listener, its locks, its routes, and the answers that need no exchange."""
