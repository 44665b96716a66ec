"""What it means that no answer came: one code for each exception, by which side of the first byte it happened on.

The same exception means two things. A time-out before the first byte is certainty that nothing was received; the same
time-out a moment later is not. So the crossing decides first, and the exception only names the trouble.
"""

import ssl
from collections.abc import Iterator
from typing import Final

import httpx

from zendera_desk.domain.errors import LinkCode

_HANDSHAKE_CUT: Final = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""The other end went away or went silent in the middle: that says nothing about certificates, and passes by itself."""


def code_of(error: Exception, *, crossed: bool, proxied: bool) -> LinkCode:
    return _after(error) if crossed else _before(error, proxied=proxied)


def _after(error: Exception) -> LinkCode:
    """May have been received, whatever it is."""
    match error:
        case httpx.TimeoutException() | TimeoutError():
            return LinkCode.TIMEOUT
        case httpx.RemoteProtocolError() if "without sending a response" in str(error):
            return LinkCode.RESET
        case httpx.NetworkError() | OSError():
            return LinkCode.RESET
        case _:
            return LinkCode.BROKEN_ANSWER


def _before(error: Exception, *, proxied: bool) -> LinkCode:
    """Certainly not received. With a proxy the first connection is the proxy's, so its troubles are the proxy's too."""
    causes = list(_causes(error))
    if isinstance(error, httpx.PoolTimeout):
        return LinkCode.BUSY
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return LinkCode.CONNECT_TIMEOUT
    if any(isinstance(cause, ssl.SSLError) and not isinstance(cause, _HANDSHAKE_CUT) for cause in causes):
        return LinkCode.TLS
    if proxied or isinstance(error, httpx.ProxyError):
        return LinkCode.PROXY
    network = [cause for cause in causes if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError)]
    if not network or any(isinstance(cause, ConnectionError) for cause in network):
        return LinkCode.CONNECTION_REFUSED
    return LinkCode.OFFLINE


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it: connecting to several addresses fails with a group of reasons."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        cause = pending.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        pending.extend(inner for inner in (cause.__cause__, cause.__context__) if inner is not None)
        if isinstance(cause, BaseExceptionGroup):
            pending.extend(cause.exceptions)
