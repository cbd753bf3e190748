"""Dialogs, always opened with `open()`: a nested event loop would stop the proxy."""
