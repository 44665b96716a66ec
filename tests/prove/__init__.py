"""Long proofs, each with wrong versions of the program that it must catch. `python -m prove` runs them (with `tests` on the path).

days.py      one seed, one simulated day: the real desk, engine, store and client        (virtual.py: its loop and clocks)
line.py      the line to the in-process simulator, and all that goes wrong on it
person.py    the person at the desk
judge.py     what arrived, beside what was decided and what the file says
mutants.py   wrong protocols
unclear.py   ordinary days: how much of what is unclear is decided without a person, and how soon
powercuts.py, writefaults.py, bitflips.py   the store on a disk that forgets, refuses, or lies   (apswstore.py, platter.py, failingdisk.py)
hostile.py   answers that no honest server gives                                               (hostile_*.py)
kills.py, starts.py, soak.py   the program itself: killed, started and closed, left running      (program.py, *_child.py)
canary.py    a key and a name that must be found nowhere                                        (canary_*.py)

harness.py   what every proof is made of
campaign.py  all harnesses on all cores, and the figures
"""
