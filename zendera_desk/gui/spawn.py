"""How a widget starts work that takes time: it hands a named coroutine to whoever supervises, and keeps nothing.

The supervisor holds the reference, logs what fails and shows it to the person. A widget never calls `create_task`: a task
that nobody holds may be collected half-way, and its error is seen by no one.
"""

from collections.abc import Callable, Coroutine

Spawn = Callable[[Coroutine[object, object, None], str], None]
"""`spawn(self._load(), "load the list")`. The name is English, for the log."""
