"""Qt models: they turn events into rows and rows into text; they hold no widget."""
