"""A Messages request becomes a chat request: `pipeline.py` is the sequence, each other module one area of the rules."""
