"""Loads what a start does without when it is first used: OpenSSL, which takes 4 MB of memory and 8 ms; patterns, which take as long to be
compiled. And, when the list is there, what is done with shipments: it is loaded in a thread, before the first click needs it.

Several ways lead to OpenSSL before the list is painted. Modules that add up a digest, or make an id that nobody can guess, name `hashlib`
and `secrets` at their top; asyncio names `ssl`, for connections of which there is none yet. Each stands here for itself until something
is asked of it, from whatever thread.
"""

import importlib
import re
import sys
import threading
from functools import cached_property
from types import ModuleType
from typing import Any, Final

WHEN_USED: Final = ("hashlib", "secrets", "ssl", "asyncio.sslproto", "pickle", "msgspec.inspect")
WHEN_PAINTED: Final = (
    "zendera_desk.api.wire",
    "zendera_desk.domain.drafting",
    "zendera_desk.domain.recognition",
    *(
        f"zendera_desk.store.{name}"
        for name in (
            "acknowledgements", "answerable", "archives", "archiving", "audits", "board", "bulk_draft", "deeds", "drafts", "entering",
            "feed", "filing", "filtered", "find", "numbers", "outbox_view", "pictures", "projection", "purged_copies", "remembered",
            "shipment_view", "timeline", "unshown",
        )
    ),
    "zendera_desk.wishes",
)  # fmt: skip
"""All of them are imported as modules: `from … import something` would load them at once."""
_WITHOUT: Final = "typing_extensions"
"""msgspec looks there first for what Python's own typing has had since 3.11, and it may be here for other libraries: 3 ms."""

_one_at_a_time = threading.Lock()
_compile = re.compile


class _Later(ModuleType):
    """Stands for a module wherever it was imported by its name."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # whoever looks through all modules, as `warnings` and `inspect` do, uses none of them
            raise AttributeError(name)
        value: object = getattr(self.loaded(), name)
        setattr(self, name, value)
        return value

    def loaded(self) -> ModuleType:
        with _one_at_a_time:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        return importlib.import_module(self.__name__)


class _Pattern:
    """Stands for a pattern until something is looked for with it. `re` takes it for one."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._made_of = pattern, flags

    __class__ = property(lambda _self: re.Pattern)

    @cached_property
    def _compiled(self) -> "re.Pattern[Any]":
        return _compile(*self._made_of)

    def __getattr__(self, name: str) -> object:
        value: object = getattr(self._compiled, name)
        if not name.startswith("__"):
            setattr(self, name, value)
        return value

    def __repr__(self) -> str:
        return repr(self._compiled)


def put_off() -> None:
    """To be called before anything else imports them. What is loaded already stays as it is."""
    re.compile = _compile_later
    for name in (*WHEN_USED, *WHEN_PAINTED):
        sys.modules.setdefault(name, _Later(name))
    if _WITHOUT not in sys.modules:
        sys.modules[_WITHOUT] = None  # type: ignore[assignment]  # Python's way to say that there is none
        import msgspec  # noqa: F401, PLC0415 (what it does without is the point)

        del sys.modules[_WITHOUT]


def load_ours() -> None:
    """The first click shall not wait for it. In whatever thread. What is compiled from here on is compiled at once."""
    re.compile = _compile
    for name in WHEN_PAINTED:
        module = sys.modules.get(name)
        if isinstance(module, _Later):
            module.loaded()
    importlib.import_module("zendera_desk.engine.engine")  # which nobody names before


def _compile_later(pattern: Any, flags: int = 0) -> Any:  # noqa: ANN401 (a pattern, or what stands for one)
    return _compile(pattern, flags) if isinstance(pattern, re.Pattern) else _Pattern(pattern, int(flags))
