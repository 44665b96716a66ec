"""Small widgets that know nothing of shipments: labels, chips, notices, the palette of commands."""
