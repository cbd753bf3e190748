"""Charts painted by us: data in, pictures and words out. They know no ledger and no provider."""
