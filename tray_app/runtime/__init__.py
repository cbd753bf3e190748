"""The event loop and the logs."""
