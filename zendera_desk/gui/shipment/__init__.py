"""The open shipment: what Zendera sent about it, what happened to it, and the form that reports on it."""
