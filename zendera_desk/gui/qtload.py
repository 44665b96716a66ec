"""Loads Qt for Python without two things that it brings along.

From its first module on, PySide6 reads the source of every module that is imported after it and keeps its lines: it looks
for those that ask for its snake_case names (`from __feature__ import …`), which nothing here does. That took 15 ms of a
start and 5 MB of memory when the list was painted, 10 MB at work. A frozen program has no sources and so no such search.

And it knows the arguments of its own functions, for `help`, its stubs and the words of a TypeError, by modules that lie
as text inside its library: they are compiled anew at every start, which took 25 ms. Here each waits until it is asked.
"""

import builtins
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

WHEN_ASKED: Final = {
    "shibokensupport.signature": ("errorhandler", "layout", "mapping", "parser"),
    "shibokensupport.signature.lib": ("enum_sig", "pyi_generator", "tool"),
}
_LOOKED_UP: Final = "update_mapping"
"""What the library takes out of a module as it lies there, not as an attribute: it is there from the beginning, and wakes the module."""


class _Later(ModuleType):
    """Becomes the module that it stands for when something of it is wanted."""

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__(spec.name)
        self.__spec__ = spec
        self._lies_as = spec.name
        if spec.name.endswith(".mapping"):
            vars(self)[_LOOKED_UP] = self._update

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        self._wake()
        return getattr(self, name)

    def _wake(self) -> None:
        spec = self.__spec__
        if spec is not None and spec.loader is not None:
            self.__class__ = ModuleType  # type: ignore[assignment]
            published, spec.name = spec.name, self._lies_as  # PySide gives its modules another name when they are there
            spec.loader.exec_module(self)
            spec.name = published

    def _update(self) -> object:
        self._wake()
        return vars(self)[_LOOKED_UP]()


def load_qt() -> None:
    """To be called before anything else imports PySide6."""
    plain = builtins.__import__

    def sparing(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 (Python's word)
        locals: Mapping[str, object] | None = None,  # noqa: A002 (as above)
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        for wanted in WHEN_ASKED.get(name, ()):
            if wanted in (fromlist or ()):
                _put_off(sys.modules[name], wanted)
        return plain(name, globals, locals, fromlist or (), level)

    builtins.__import__ = sparing
    try:
        import PySide6.QtCore  # noqa: F401, PLC0415 (what it does to imports is the point)
    finally:
        builtins.__import__ = plain


def _put_off(package: ModuleType, name: str) -> None:
    """Those inside its library alone, where they are in every wheel: what lies in files is compiled once, and can be left to Python."""
    find = getattr(package.__loader__, "find_spec", None)
    spec: ModuleSpec | None = find(f"{package.__name__}.{name}", None) if find else None
    if spec is not None and spec.name not in sys.modules:
        sys.modules[spec.name] = later = _Later(spec)
        setattr(package, name, later)
