"""Loads what a start does without when it is first used: OpenSSL, which takes 4 MB of memory and 8 ms. And, when the list is there,
what is done with shipments.

Several ways lead to it before the list is painted. Modules that add up a digest, or make an id that nobody can guess, name `hashlib` and
`secrets` at their top; asyncio names `ssl`, for connections of which there is none yet. Each stands here for itself until something
is asked of it, from whatever thread.
"""

import importlib
import sys
import threading
from types import ModuleType
from typing import Final

WHEN_USED: Final = ("hashlib", "secrets", "ssl", "asyncio.sslproto")
WHEN_PAINTED: Final = ("zendera_desk.api.wire", "zendera_desk.store.entering", "zendera_desk.store.shipment_view", "zendera_desk.wishes")

_one_at_a_time = threading.Lock()


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


def put_off() -> None:
    """To be called before anything else imports them. What is loaded already stays as it is."""
    for name in (*WHEN_USED, *WHEN_PAINTED):
        sys.modules.setdefault(name, _Later(name))


def load_ours() -> None:
    """The first click shall not wait for it. In whatever thread."""
    for name in WHEN_PAINTED:
        module = sys.modules.get(name)
        if isinstance(module, _Later):
            module.loaded()
