"""pypdfium2 and zxing-cpp alone: the floor under reading a stack of paper.

Each page is drawn in grey, at the size at which the program reads it, and looked at once for bars and once for squares, as cheaply
as zxing-cpp can be asked. Nothing is kept. In processes or in threads, whichever is faster; PDFium bears one thread at a time.
"""

import os
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Final

import pypdfium2
import zxingcpp

SHARE: Final = 10
"""Pages in one piece of work."""
LONGEST: Final = 2400
"""Pixels."""

_FORMAT: Final = zxingcpp.BarcodeFormat
_BARS: Final = (_FORMAT.Code128, _FORMAT.Code39, _FORMAT.ITF, _FORMAT.EAN13, _FORMAT.EAN8, _FORMAT.UPCA)
_SQUARES: Final = (_FORMAT.QRCode, _FORMAT.DataMatrix, _FORMAT.PDF417)
_LOCK: Final = threading.Lock()


def pages_a_second(stack: Path, pages: int) -> float:
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as processes, ThreadPoolExecutor(cores) as threads:
        return max(_together(processes, stack, pages), _together(threads, stack, pages))


def _together(workers: Executor, stack: Path, pages: int) -> float:
    pieces = [(str(stack), start) for start in range(0, pages, SHARE)]
    list(workers.map(_piece, pieces[:2]))  # starts the processes, and loads what they load
    began = perf_counter()
    read = sum(workers.map(_piece, pieces))
    took = perf_counter() - began
    if read < 0.8 * pages:  # the plain leaves have none
        raise SystemExit(f"the floor read {read} of {pages} pages")
    return pages / took


def _piece(where: tuple[str, int]) -> int:
    """How many of these pages had a code."""
    path, start = where
    read = 0
    with _LOCK:
        document = pypdfium2.PdfDocument(path)
    for number in range(start, start + SHARE):
        with _LOCK:
            page = document[number]
            picture = page.render(scale=LONGEST / max(page.get_size()), grayscale=True).to_pil()
        bars = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(_BARS), try_invert=False)
        squares = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(_SQUARES), try_rotate=False, try_invert=False)
        read += bool(bars or squares)
    with _LOCK:
        document.close()
    return read
