"""What the helper process may use at most. It limits itself, before it has seen a file, and cannot take it back.

Address space is limited and not memory in use, because that is what systems can do: the libraries and threads take 0.35 GB of it
before they do anything (50 MB are used), three PNGs of 80 million pixels at once another 1.9 GB. A picture that wants more gets an
error, as if the PC had no more, and is tried once again alone (helper.py).

Where a system refuses the limit (macOS takes none below the hundreds of gigabytes that it reserves for every process; a job of
Windows may be refused to what already is in one), the process looks at itself instead, some times a second, and ends itself: that
costs the picture that it was at, like any decoder that crashes.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from time import sleep
from typing import Final

MEMORY: Final = 2_500_000_000
"""Bytes."""
EVERY: Final = 0.1
"""Seconds between two looks. A decoder fills some 100 MB meanwhile."""


def limit() -> None:
    """For the process that calls it."""
    is_limited = _limit_on_windows() if sys.platform == "win32" else _limit_elsewhere()
    if not is_limited:
        threading.Thread(target=look_after, args=(_used, MEMORY, lambda: os._exit(1)), name="memory", daemon=True).start()


def look_after(used: Callable[[], int], most: int, end: Callable[[], None]) -> None:
    """Until too much is used. Decoders let other threads run while they work."""
    while used() <= most:
        sleep(EVERY)
    end()


def _limit_elsewhere() -> bool:
    """Whether the memory is limited."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (each system has its own)

        os.nice(10)  # the window comes first
        # It writes no files: no decoder of hostile bytes shall, and what a crash would leave shows people's papers.
        for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
            _limited(what, 0)
        return _limited(resource.RLIMIT_AS, MEMORY)
    return False


def _limited(what: int, most: int) -> bool:
    """False: the system refuses it, or takes it and forgets it."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (as above)

        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
            return resource.getrlimit(what)[0] == most
    return False


def _used() -> int:
    """Bytes of memory that this process used at most until now; 0 where nobody says it."""
    if sys.platform == "win32":
        return _used_on_windows()
    import resource  # noqa: PLC0415 (as above)

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _used_on_windows() -> int:
    """What it has committed, in memory or in the page file."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 (as above)
        from ctypes import wintypes  # noqa: PLC0415

        class Counters(ctypes.Structure):
            _fields_ = (
                ("size", wintypes.DWORD),
                ("page_faults", wintypes.DWORD),
                ("peak_working_set", ctypes.c_size_t),
                ("working_set", ctypes.c_size_t),
                ("pools", ctypes.c_size_t * 4),
                ("page_file", ctypes.c_size_t),
                ("peak_page_file", ctypes.c_size_t),
            )

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
        counted = Counters(size=ctypes.sizeof(Counters))
        if kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counted), counted.size):
            return int(counted.peak_page_file)
    return 0


def _limit_on_windows() -> bool:
    """By a job object that this process alone belongs to: 64-bit Windows has no other way. Whether the memory is limited."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 (each system has its own)
        from ctypes import wintypes  # noqa: PLC0415

        class Basic(ctypes.Structure):
            _fields_ = (
                ("per_process_time", wintypes.LARGE_INTEGER),
                ("per_job_time", wintypes.LARGE_INTEGER),
                ("flags", wintypes.DWORD),
                ("smallest_set", ctypes.c_size_t),
                ("largest_set", ctypes.c_size_t),
                ("processes", wintypes.DWORD),
                ("affinity", ctypes.c_size_t),
                ("priority", wintypes.DWORD),
                ("scheduling", wintypes.DWORD),
            )

        class Extended(ctypes.Structure):
            _fields_ = (
                ("basic", Basic),
                ("io", ctypes.c_ulonglong * 6),
                ("process_memory", ctypes.c_size_t),
                ("job_memory", ctypes.c_size_t),
                ("peak_process_memory", ctypes.c_size_t),
                ("peak_job_memory", ctypes.c_size_t),
            )

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel.SetErrorMode(0x0001 | 0x0002)  # no window of the system's that asks what to do about a crash
        job = kernel.CreateJobObjectW(None, None)
        wanted = Extended(process_memory=MEMORY, basic=Basic(flags=0x0100 | 0x0020, priority=0x4000))  # of the process; below normal
        is_made = kernel.SetInformationJobObject(job, 9, ctypes.byref(wanted), ctypes.sizeof(wanted))
        return bool(is_made and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess()))
    return False
