"""What several test folders share. On the path as `support` (pyproject.toml)."""
