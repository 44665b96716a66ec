"""The first run (an account and its key) and the preferences of this desk."""
