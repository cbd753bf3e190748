"""The upstreams: which one is active, the connections to each, the built-in Demo, trying one out."""
