"""The window over an archive, and its start beside the desk's own."""
