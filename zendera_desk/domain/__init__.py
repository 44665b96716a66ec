"""What the words of the desk mean: plain structs and functions, with no Qt, no HTTP, no SQL and no clock of their own."""
