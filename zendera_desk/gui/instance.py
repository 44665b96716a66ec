"""One window for each data folder: a second start raises the first window and ends.

A lock file says who is first (Qt sees when its owner died); a local socket named after the folder carries the request. Qt makes the
file first and writes into it then who it is: one that was killed between, or whose machine lost its power, leaves a lock that names
nobody, which Qt takes for that of somebody alive for ever.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_ANSWER_MS: Final = 1000
"""So long the first is called, over and over: it may be opening, or closing."""
_AGAIN_MS: Final = 50
_LISTEN_MS: Final = 300
"""After which the first listens. Qt's network library takes 8 ms, which the list need not wait for; a second program
takes longer than this to come to its question."""
_SIGNED_MS: Final = 500
"""By then whoever has made the lock file has written its name into it: it takes a millisecond."""


class Instance(QObject):
    """`is_first` after the constructor, or after it was tried again; a first instance emits `raise_asked` when another one was started."""

    raise_asked = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instance")
        self._folder = folder
        self._lock = QLockFile(str(folder / "desk.lock"))
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None
        self.is_first = False
        self.try_again()

    def try_again(self) -> bool:
        """Says whether it is the first now."""
        self.is_first = self._lock.tryLock(0) or self._inherited()
        if self.is_first:
            QTimer.singleShot(_LISTEN_MS, self, self._listen)
        return self.is_first

    @property
    def is_held(self) -> bool:
        """By another program. Else nobody can be the first here: the file cannot be made."""
        return self._lock.error() is QLockFile.LockError.LockFailedError

    @property
    def _name(self) -> str:
        return "zendera-desk-" + hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:16]

    def _inherited(self) -> bool:
        """Takes over a lock that names nobody. Qt does not remove one that somebody holds."""
        if not self.is_held or self._names_somebody():
            return False
        if self._lock.tryLock(_SIGNED_MS):
            return True
        return not self._names_somebody() and self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def _names_somebody(self) -> bool:
        pid, _host, _program = self._lock.getLockInfo()
        return bool(pid)

    def call_first(self) -> bool:
        """Asks the first instance to show its window, which may not listen yet. Says whether it heard."""
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 (what only a second start needs)

        heard, patience = False, QDeadlineTimer(_ANSWER_MS)
        while not heard and not patience.hasExpired():
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            heard = socket.waitForConnected(patience.remainingTime())
            socket.disconnectFromServer()
            if not heard:
                QThread.msleep(_AGAIN_MS)
        return heard

    def release(self) -> None:
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _listen(self) -> None:
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 (not before the list)

        QLocalServer.removeServer(self._name)  # left behind by one that was killed; we hold the lock
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._heard)
        self._server.listen(self._name)

    def _heard(self) -> None:
        if self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
            self.raise_asked.emit()
