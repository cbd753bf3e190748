"""What is seen: models that format, views that arrange; nothing here calls a service."""
