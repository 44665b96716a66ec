"""A small Zendera: the demo's other side (`--demo`), a tool for integrators (`simulate`) and the one fake all tests use.

    world.py     orders, drivers and the dispatcher, in virtual time     (places.py, orders.py: what they look like)
    server.py    the API over it, as a plain ASGI app                    (checks.py: what it refuses, limits.py: the hour's calls)
    faults.py    scripted trouble                                        (delivery.py: how an answer gets out, or does not)
    ledger.py    what really arrived
    control.py   all of these over HTTP, under /_simulator/
    running.py   the whole on a loopback port in a thread of its own
    simulate.py  the whole in the foreground

It shares no code with `api/`: a mistake made there must not be made here too and so go unseen.
"""
