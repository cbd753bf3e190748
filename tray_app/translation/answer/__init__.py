"""An upstream's answer becomes Anthropic events or one Message.

The road: bytes → `body.py`, `sse.py` → `chunks.py` → neutral `deltas.py` → `stream.py` (begin and end), `stage.py` (content,
`filters.py`) → `blocks.py` → `sinks.py`. `answers.py` is the door to it.
"""
