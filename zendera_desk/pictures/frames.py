"""How questions and answers lie on the pipe between the program and its helper process: a length, then MessagePack.

Neither side trusts a length: what a broken decoder wrote into the pipe must cost the process that wrote it, not the memory of
the one that reads it.
"""

import struct
from typing import BinaryIO, Final

import msgspec

from zendera_desk.pictures.jobs import Answer, Job

MOST: Final = 64 * 2**20
"""Bytes of one frame: the pixels of a screen of 4096 by 4096, and some room."""

_LENGTH: Final = struct.Struct(">I")


class Asked(msgspec.Struct, frozen=True, array_like=True):
    number: int
    """Returned with the answer."""
    job: Job


class Ready(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The helper has loaded its decoders. From here on time is counted."""


class Answered(msgspec.Struct, frozen=True, array_like=True, tag=True):
    number: int
    answer: Answer


Said = Ready | Answered

_encode: Final = msgspec.msgpack.Encoder().encode
_asked: Final = msgspec.msgpack.Decoder(Asked).decode
_said: Final = msgspec.msgpack.Decoder(Said).decode


class Garbage(Exception):  # noqa: N818 (what it is called on the pipe)
    """No frame of ours."""


def write(pipe: BinaryIO, what: Asked | Said) -> None:
    """Raises OSError when the other side is gone, UnicodeEncodeError for a path that is no text."""
    packed = _encode(what)
    pipe.write(_LENGTH.pack(len(packed)) + packed)
    pipe.flush()


def read_asked(pipe: BinaryIO) -> Asked | None:
    """The next question; None at the end."""
    packed = _read(pipe)
    return None if packed is None else _asked(packed)


def read_said(pipe: BinaryIO) -> Said | None:
    """The next of what the helper says; None at the end. Raises Garbage."""
    packed = _read(pipe)
    try:
        return None if packed is None else _said(packed)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Garbage("no message") from error


def _read(pipe: BinaryIO) -> bytes | None:
    start = pipe.read(_LENGTH.size)
    if len(start) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(start)
    if length > MOST:
        raise Garbage("a frame of that length is none")
    packed = pipe.read(length)
    return packed if len(packed) == length else None
