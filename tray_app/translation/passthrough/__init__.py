"""Requests and answers of upstreams that speak Anthropic Messages themselves: the bytes go through."""
