"""The floor that a drain is measured against: the least that posts the same bytes, one after the other, and forgets them.

`python tests/bench/bare_posts.py URL KEY`: the payloads are the lines of what it reads; it prints how many seconds it took. In a process of
its own, so that httpx is as it comes.
"""

import asyncio
import sys
from time import perf_counter

import httpx


async def posted(url: str, key: str, payloads: list[bytes]) -> float:
    headers = {"Authorization": f"apikey {key}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        began = perf_counter()
        for payload in payloads:
            (await client.post(url, content=payload)).raise_for_status()
        return perf_counter() - began


if __name__ == "__main__":
    print(asyncio.run(posted(sys.argv[1], sys.argv[2], sys.stdin.buffer.read().splitlines())))
