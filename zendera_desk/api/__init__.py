"""The only code that speaks HTTP, and the only code that knows how Zendera spells things.

`wire` reads and writes Zendera's JSON and needs no network; `client` makes the calls; `transport` is how they travel.
Nothing is imported here, so that whoever only reads JSON does not pay for httpx.
"""

import sys

# httpx loads its own command line with itself where that can be found, with the libraries that colour its output: 75 ms
# and 8 MB, while a person makes the first click. It takes this for "not installed".
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: Python's word for "cannot be imported"
