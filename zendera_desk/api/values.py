"""JSON from outside, read so that nothing in it can do harm: not its syntax, not its types, not its size.

msgspec decodes what is valid, fast. What it refuses (NaN, half a surrogate pair, control characters in a string, bytes
that are no UTF-8) the standard library reads more leniently, because one odd character must not hide a shipment. And
where a whole page is refused, it is cut into its rows by brackets alone, so that one bad row never costs the page.

A `Node` is one value with the path it stands at. It is asked for what we need (`text`, `number`, `moment`), answers
with nothing where there is something else, and remembers that it was read: "All fields" tells by that what we know.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

import msgspec

from zendera_desk.domain.ids import INT64_MAX

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_MOST_VALUES: Final = 100_000
"""By their commas, in what is decoded at once: some 10 ms during which no other thread runs. No shipment comes near."""
_MOST_TOKENS: Final = 4_000_000
"""Of a page: 16 MB of the shortest proper rows have fewer."""
_MOST_MEMBERS: Final = 1_000
_MOST_LENIENCE: Final = 4 * 1024 * 1024
"""Bytes that are read once more where they are no strict JSON: slowly, and letting nobody else run meanwhile."""
_LONGEST_NUMBER: Final = 60  # characters; longer ones are no quantity of anything, and cost time to convert
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")  # SQLite ends texts at NUL; half a surrogate pair cannot be encoded
_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]', re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"

Word = TypeVar("Word", bound=StrEnum)


class WireError(ValueError):
    """What came is not what Zendera answers. `str(error)` is the plain reason, without any of the bytes."""


def clean(text: str) -> str:
    """Without the characters that neither SQLite nor Qt nor UTF-8 can hold."""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("\ufffd", text)


def _float(text: str) -> Decimal | str:
    """Exact, so that an amount stays the amount that was written."""
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond all reason
        return text


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_NUMBER else text  # converting costs the square of the length


_strict: Final = msgspec.json.Decoder(float_hook=_float)
# Constants stay words: "NaN" is seen in "All fields" and is no number to anybody.
_lenient: Final = json.JSONDecoder(strict=False, parse_float=_float, parse_int=_integer, parse_constant=str)


def decode(raw: bytes) -> object:
    """Any JSON as plain objects, floats as Decimal. Raises WireError."""
    if raw.count(b",") > _MOST_VALUES:
        raise WireError("far too many values")
    try:
        return _strict.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    if len(raw) > _MOST_LENIENCE:
        raise WireError("not JSON")
    try:
        value: object = _lenient.decode(raw.removeprefix(_BOM).decode("utf-8", "replace"))
    except RecursionError:
        raise WireError("nested too deeply") from None
    except ValueError:
        raise WireError("not JSON") from None
    return value


def members(raw: bytes) -> dict[str, bytes]:
    """An object's values as their exact bytes. Raises WireError for anything that is no object."""
    text = raw.removeprefix(_BOM).strip()
    if not text.startswith(b"{"):
        raise WireError("not an object")
    if text.count(b",") <= _MOST_VALUES:
        try:
            return {key: bytes(value) for key, value in msgspec.json.decode(text, type=dict[str, msgspec.Raw]).items()}
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
    return dict(_member(part) for part in _cut(text, _MOST_MEMBERS))


def rows(raw: bytes, most: int) -> list[bytes]:
    """A list's elements as their exact bytes; null is an empty list. Raises WireError for anything else, or for more than `most`."""
    text = raw.strip()
    if text == b"null":
        return []
    if not text.startswith(b"["):
        raise WireError("not a list")
    if text.count(b",") <= min(most, _MOST_VALUES):
        try:
            return [bytes(value) for value in msgspec.json.decode(text, type=list[msgspec.Raw])]
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
    return _cut(text, most)


def _cut(text: bytes, most: int) -> list[bytes]:
    """The parts between the outermost commas, whatever is in them. Knows strings and brackets alone, at any depth.

    Slow, and lets other threads run meanwhile: what is large and dense is read this way too.
    """
    parts: list[bytes] = []
    depth, start = 0, 1
    for number, token in enumerate(_TOKEN.finditer(text)):
        sign = token[0]
        if sign in {b"[", b"{"}:
            depth += 1
        elif sign in {b"]", b"}"}:
            depth -= 1
        if (depth == 1 and sign == b",") or depth == 0:
            parts.append(text[start : token.start()].strip())
            start = token.end()
        if number > _MOST_TOKENS or len(parts) > most:
            raise WireError("far too many values")
        if depth == 0:
            break
    if depth != 0 or start != len(text):
        raise WireError("not JSON")
    return [] if parts == [b""] else parts


def _member(part: bytes) -> tuple[str, bytes]:
    key = _TOKEN.match(part)
    rest = part[key.end() :].lstrip() if key else b""
    if key is None or not key[0].startswith(b'"') or not rest.startswith(b":"):
        raise WireError("not JSON")
    return str(decode(key[0])), rest[1:].lstrip()


def scalar_text(value: object) -> str:
    """As the JSON had it, or nearly: what "All fields" shows."""
    match value:
        case str():
            return clean(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            return "{}"
        case list():
            return "[]"
        case _:
            return str(value)


class Node:
    """One JSON value and where it stands: `parcels[2].weight`. Everything it is asked for may be missing."""

    __slots__ = ("path", "read", "value")

    def __init__(self, value: object, path: str = "", read: set[str] | None = None) -> None:
        self.value = value
        self.path = path
        self.read = set() if read is None else read
        """The paths that anybody has read, shared by all nodes of one tree."""

    def each(self, *names: str) -> Iterator["Node"]:
        """The members of these names that hold something, in this order."""
        if isinstance(self.value, dict):
            for name in names:
                if name in self.value:
                    child = self._child(name, self.value[name])
                    if child:
                        yield child
                    else:
                        self.read.add(child.path)

    def get(self, *names: str) -> "Node":
        """The first of these names that holds something: the likely spellings of one thing."""
        return next(self.each(*names), Node(None, self.path, self.read))

    def children(self) -> Iterator[tuple[str, "Node"]]:
        """Every member with its name, or every element with its number."""
        if isinstance(self.value, dict):
            for name, value in self.value.items():
                yield name, self._child(name, value)
        elif isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield str(index), Node(value, f"{self.path}[{index}]", self.read)

    def items(self) -> list["Node"]:
        """The elements of a list; a single thing where a list is usual counts as a list of it."""
        if isinstance(self.value, list):
            return [child for _, child in self.children() if child.value is not None]
        return [self] if self else []

    def leaves(self) -> Iterator["Node"]:
        """Every value below that is no object or list, or is an empty one."""
        return (node for node, _ in self.walk())

    def walk(self) -> Iterator[tuple["Node", tuple[str, ...]]]:
        """The leaves, each with the steps that lead to it: names, and `[2]` in a list. Without recursion: depth is the sender's choice."""
        stack: list[tuple[Node, tuple[str, ...]]] = [(self, ())]
        while stack:
            node, steps = stack.pop()
            listed = isinstance(node.value, list)
            below = [(child, (*steps, f"[{name}]" if listed else clean(name))) for name, child in node.children()]
            if below:
                stack.extend(reversed(below))
            else:
                yield node, steps

    def _child(self, name: str, value: object) -> "Node":
        name = clean(name)
        return Node(value, f"{self.path}.{name}" if self.path else name, self.read)

    def __bool__(self) -> bool:
        """False for null, "" and empty lists and objects; zero and false are values."""
        return self.value not in (None, "", [], {})

    def text(self) -> str:
        """A string or number as text, trimmed. "" for anything else."""
        if self.value is None or isinstance(self.value, dict | list):
            return ""
        self.read.add(self.path)
        return scalar_text(self.value).strip()

    def decimal(self) -> Decimal | None:
        """A finite number, also when it came as a string."""
        text = self.text()
        if not text or len(text) > _LONGEST_NUMBER or isinstance(self.value, bool):
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        return number if number.is_finite() and abs(number.adjusted()) < _LONGEST_NUMBER else None

    def number(self) -> float | None:
        number = self.decimal()
        return None if number is None else float(number)

    def id(self) -> int | None:
        """An int64, as number or string. None where it is missing, zero (protobuf's default) or no whole number.

        Raises WireError beyond 63 bits: such an id can neither be stored nor joined, and rounding it would name another thing.
        """
        text = self.text()
        whole = re.fullmatch(r"-?[0-9]+", text)
        if whole is None:
            number = self.decimal()
            if number is None or number != number.to_integral_value():
                return None
            text = format(number, ".0f")
        if len(text) > _LONGEST_NUMBER or abs(int(text)) > INT64_MAX:
            raise WireError("a number beyond 64 bits")
        return int(text) or None

    def count(self) -> int | None:
        """A number of things, zero included. None where it is missing or makes no sense."""
        number = self.decimal()
        return int(number) if number is not None and 0 <= number <= INT64_MAX else None

    def flag(self) -> bool | None:
        if isinstance(self.value, bool):
            self.read.add(self.path)
            return self.value
        return {"true": True, "false": False}.get(self.text().lower())

    def moment(self) -> datetime | None:
        """RFC 3339, or seconds or milliseconds since 1970; aware, UTC. A time without a zone is UTC, as Zendera's are.

        The year 1 is how Go spells "no time".
        """
        text = self.text()
        try:
            if re.fullmatch(r"[0-9]{1,18}", text):
                number = int(text)
                return _since_epoch(number if number >= 10**11 else number * 1000)
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000) if moment.year > 1900 else None

    def milliseconds(self) -> int | None:
        """A moment that is always given in milliseconds since 1970, as those; RFC 3339 is understood too."""
        number = self.decimal()
        whole = number is not None and number == number.to_integral_value()
        moment = _since_epoch(int(number)) if whole and number is not None else self.moment()
        return None if moment is None else (moment - _EPOCH) // _MILLISECOND

    def word(self, words: type[Word]) -> Word | None:
        """One of our words, also in protobuf's long forms: PENDING_ORDER_PRODUCT_ORDER_LOCATION_STATUS, LOCATION_TYPE_PICKUP."""
        text = self.text().upper()
        found = [word for word in words if text == word.value]
        found = found or [word for word in words if text.startswith(f"{word.value}_") or text.endswith(f"_{word.value}")]
        return found[0] if len(found) == 1 else None

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Free data as name and text: an object, a list of {key, value}, or a nesting of both (its names are joined by dots)."""
        found: list[tuple[str, str]] = []
        for entry in self.items():
            name, value = entry.get("key", "name", "type"), entry.get("value", "reference", "number")
            if isinstance(self.value, list) and name.text() and value.text():
                found.append((name.text(), value.text()))
            else:
                found.extend((leaf.path.removeprefix(self.path).lstrip("."), leaf.text()) for leaf in entry.leaves() if leaf.text())
        return tuple(found)


def _since_epoch(milliseconds: int) -> datetime | None:
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds) if milliseconds else None
    except OverflowError:
        return None
