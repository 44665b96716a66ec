"""The live tail of the product feed: model.py holds the window of rows, rows.py paints one, panel.py follows and pauses."""
