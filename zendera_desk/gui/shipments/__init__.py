"""The shipments list: a table that holds a window over the store, its views and find field, and what can be done with its rows."""
