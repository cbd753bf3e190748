"""An upstream's failure becomes the error the client understands."""
