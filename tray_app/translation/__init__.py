"""The translation between Anthropic Messages and OpenAI-style chat completions: pure functions and state machines.

Bytes and values in, values and bytes out; no I/O, no clock, no randomness (times and ids are given by the caller).
Its counterpart is `tray_app.proxy`, which owns the sockets and the time.
"""
