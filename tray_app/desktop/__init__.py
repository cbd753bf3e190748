"""The operating system behind small protocols: directories, autostart, single instance."""
