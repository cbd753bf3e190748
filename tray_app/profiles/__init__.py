"""Provider profiles, their secrets and the settings: values and files, no network."""
