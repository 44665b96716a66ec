"""The only code that speaks HTTP, and the only code that knows how Zendera spells things.

`wire` reads and writes Zendera's JSON and needs no network; `client` makes the calls; `transport` is how they travel.
Nothing is imported here, so that whoever only reads JSON does not pay for httpx.
"""
