"""The only code that speaks SQL. Functions take a connection and plain values: `await database.write(outbox.add, …)`."""
