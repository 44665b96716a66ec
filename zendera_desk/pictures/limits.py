"""What the helper process may use at most. It limits itself, before it has seen a file, and cannot take it back.

Address space is limited and not memory in use, because that is what systems can do: the libraries and threads take 0.35 GB of it
before they do anything (50 MB are used), three PNGs of 80 million pixels at once another 1.9 GB. A picture that wants more gets an
error, as if the PC had no more, and is tried once again alone (helper.py).
"""

import contextlib
import sys
from typing import Final

MEMORY: Final = 2_500_000_000
"""Bytes."""


def limit() -> None:
    """For the process that calls it. What a system does not know it does not limit: macOS takes no limit of address space."""
    if sys.platform == "win32":
        _limit_on_windows()
    else:
        _limit_elsewhere()


def _limit_elsewhere() -> None:
    if sys.platform != "win32":
        import os  # noqa: PLC0415 (each system has its own)
        import resource  # noqa: PLC0415

        # It writes no files: no decoder of hostile bytes shall, and what a crash would leave shows people's papers.
        for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))
        os.nice(5)  # the window comes first


def _limit_on_windows() -> None:
    """By a job object that this process alone belongs to: 64-bit Windows has no other way."""
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
        if kernel.SetInformationJobObject(job, 9, ctypes.byref(wanted), ctypes.sizeof(wanted)):
            kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
