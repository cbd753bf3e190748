"""What the user interface asks for becomes service calls here, and what comes of them becomes an `AppState`.

Qt's core only: no window is known here. One area a module (the proxy, the providers, the settings, what happens); the
controller puts them together.
"""
