"""The report on many shipments: what they share, and a grid for what differs."""
