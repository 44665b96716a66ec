"""The live tail of the product feed, read like a log: the newest stands last.

model.py holds a window of rows, rows.py paints one, following.py follows and pauses, filters.py narrows, cursor.py tells where it stands,
panel.py lays them out.
"""
