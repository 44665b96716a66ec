"""Mending what was reported: the buttons that offer it, the field that asks for the other shipment, and what the window does with it."""
