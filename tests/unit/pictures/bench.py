"""The helper process as the program starts it, but for files with certain names: with those its decoder does what decoders must not.

The names stand for what hostile files do; everything around the decoder (pipes, threads, limits, the command) is the program's own.
"""

import sys
from pathlib import Path

from PIL import Image

SCRIPT = """
import ctypes, itertools, json, os, signal, sys, time
from pathlib import Path
from zendera_desk import cli
from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures import serve, work
from zendera_desk.pictures.jobs import Opened, Worked

real, numbers = work.do, itertools.count(1)

def do(job):
    number, path = next(numbers), Path(job.path)
    match path.stem:
        case "crash":
            time.sleep(0.1)
            os.kill(os.getpid(), signal.SIGSEGV)
            time.sleep(60)
        case "hang":
            time.sleep(600)
        case "hang-alone":  # no other thread runs any more
            os.write(answers, b"!")
            ctypes.PyDLL(None).sleep(600)
        case "bomb":
            time.sleep(0.1)
            return Opened(kind=str(len(bytearray(100_000_000_000))), pages=1)
        case "noise":
            print("a library says hello")
            os.write(1, b"and another\\n")
        case "gate":
            while not path.exists():
                time.sleep(0.005)
        case "mistake":
            raise KeyError("a name from the file")
        case "too-long":
            os.write(answers, b"\\xff\\xff\\xff\\xff")
            time.sleep(60)
        case "no-message":
            os.write(answers, b"\\0\\0\\0\\2xy")
            time.sleep(60)
        case "half":
            os.write(answers, b"\\0\\0\\1\\0half")
            os._exit(0)
        case "other-answer":
            return Opened(kind="JPEG", pages=0)
        case "lying":
            return Worked(rgb=b"abc", rgb_width=1000, rgb_height=1000)
        case "about":
            qt = [name for name in sys.modules if name.startswith(("PySide6", "shiboken6", "qasync", "httpx", "sqlite3", "keyring"))]
            return Opened(kind=json.dumps({"environment": dict(os.environ), "arguments": sys.orig_argv, "modules": qt}), pages=1)
        case "limits":
            import resource
            whats = (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
            return Opened(kind=json.dumps([resource.getrlimit(what) for what in whats]), pages=1)
        case "number":
            return Opened(kind=str(number), pages=1)
    return real(job) if path.exists() else Opened(kind=str(number), pages=1)

def own_pipes():
    global answers
    pipes = own_pipes_of_the_program()
    answers = pipes[1].fileno()
    return pipes

work.do = do
own_pipes_of_the_program, serve._own_pipes = serve._own_pipes, own_pipes
serve.LAST_RESORT = float(sys.argv[1])
cli.main(["read-pictures"])
"""


def command(last_resort: float = 90) -> list[str]:
    return [sys.executable, "-c", SCRIPT, str(last_resort)]


def jpeg(path: Path, width: int = 40, height: int = 30) -> str:
    """There at once: half of one would be an answer too, to whoever waits for it."""
    part = path.with_suffix(".part")
    Image.new("RGB", (width, height), "red").save(part, "JPEG")
    part.replace(path)
    return str(path)
