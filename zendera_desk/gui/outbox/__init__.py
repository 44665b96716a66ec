"""What is on its way: offers.py says what a person may do with an entry, sentences.py what is shown of it, model.py holds the
rows in three groups, rows.py paints them, card.py shows the facts of the entry that is chosen, panel.py puts them together.
"""
