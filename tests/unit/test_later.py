"""What stands for a module until it is used. Each in a Python of its own: this one has loaded everything already."""

import asyncio
import os
import ssl
import subprocess
import sys
from pathlib import Path

from support.answering import Server, serving

CERTIFICATE = Path(__file__).parent / "api" / "data" / "localhost.pem"

FROM_ALL_SIDES = """
import sys, threading
from zendera_desk import later
later.put_off()
import hashlib
assert "_hashlib" not in sys.modules
assert not hasattr(hashlib, "__file__")
start, found = threading.Barrier(8), []
def look():
    start.wait()
    found.append(hashlib.sha256(b"x").hexdigest())
threads = [threading.Thread(target=look) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
import secrets
assert secrets.token_hex(8)
import hashlib as real
assert real is not hashlib and real.sha256 is hashlib.sha256
print(len(found), *set(found))
"""

ENCRYPTED = """
import sys
from zendera_desk import later
later.put_off()
import asyncio
assert "_ssl" not in sys.modules
from zendera_desk.api.client import ZenderaClient
async def ask():
    client = await ZenderaClient.open(sys.argv[1], "zk_canary_0c41aa92")
    print((await client.export_page(1)).total)
    await client.aclose()
asyncio.run(ask())
"""


OURS = """
import sys
from zendera_desk import later
later.put_off()
from zendera_desk import wishes
assert "zendera_desk.domain.standing" not in sys.modules
later.load_ours()
assert "zendera_desk.domain.standing" in sys.modules
import zendera_desk.wishes
print(zendera_desk.wishes is sys.modules["zendera_desk.wishes"] is not wishes, wishes.freeze is zendera_desk.wishes.freeze)
"""


PATTERNS = r"""
import re, sys, threading
from zendera_desk import later
later.put_off()
assert "msgspec" in sys.modules and "typing_extensions" not in sys.modules
late = re.compile(r"(?P<digits>\d+)", re.IGNORECASE)
assert isinstance(late, re.Pattern) and type(late) is not re.Pattern and "_compiled" not in vars(late)
threads = [threading.Thread(target=late.search, args=("x1",)) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(late.sub("n", "a12"), re.sub(late, "n", "b3"), late.fullmatch("45")["digits"], late.groups, bool(late.flags & re.IGNORECASE))
print(re.compile(late) is late, re.compile(b"[0-9]").split(b"a1b"), repr(late) == repr(re.compile(r"(?P<digits>\d+)", re.IGNORECASE)))
wrong = re.compile("(")
try:
    wrong.search("")
except re.error as error:
    print(error)
later.load_ours()
print(type(re.compile("x")) is re.Pattern, late.search("z9").group())
"""


def test_a_pattern_that_is_compiled_when_it_is_used_is_a_pattern_like_any_other() -> None:
    done = subprocess.run([sys.executable, "-c", PATTERNS], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == [
        "an bn 45 1 True",
        "True [b'a', b'b'] True",
        "missing ), unterminated subpattern at position 0",
        "True 9",
    ]


def test_what_the_first_click_needs_is_loaded_before_it() -> None:
    done = subprocess.run([sys.executable, "-c", OURS], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_what_is_put_off_is_there_for_many_threads_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", FROM_ALL_SIDES], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["8", "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"]


async def test_zendera_is_reached_encrypted_by_a_program_that_was_started_without_openssl() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    async with serving(Server(), context) as server:
        asking = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            ENCRYPTED,
            f"https://localhost:{server.port}/api",
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"SSL_CERT_FILE": str(CERTIFICATE), "NO_PROXY": "*"},
        )
        said, _ = await asking.communicate()
    assert said.split() == [b"0"]
