"""Long proofs, each with wrong versions of the program that it must catch. `python -m prove` runs them (with `tests` on the path).

days.py      one seed, one simulated day: the real desk, engine, store and client        (virtual.py: its loop and clocks)
line.py      the line to the in-process simulator, and all that goes wrong on it
person.py    the person at the desk
judge.py     what arrived, beside what was decided and what the file says
mutants.py   wrong protocols
harness.py   what every proof is made of
campaign.py  all harnesses on all cores, and the figures
"""
