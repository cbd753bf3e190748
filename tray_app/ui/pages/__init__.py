"""The pages of the main window: they arrange, and say what the user wants by signals."""
