"""Dragoman: Anthropic Messages clients on one side, any OpenAI-compatible provider on the other."""

__version__ = "0.1.0"
