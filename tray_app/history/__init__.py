"""The ledger of finished requests."""
