"""The answers that need no upstream: probes, model lists, tools nobody here can run."""
