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

# OpenSSL's X509_V_ERR_…, and what the certificate stores of Windows (CERT_E_…) and macOS (errSec…) call the same.
_OTHER_HOST: Final = frozenset({62, 64, 0x800B010F, -67602})
_OTHER_TIME: Final = frozenset({9, 10, 0x800B0101, 0x800B0102, -67818, -67819})


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
    for cause in causes:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _HANDSHAKE_CUT):
            return _not_secure(cause)
    if proxied or isinstance(error, httpx.ProxyError):
        return LinkCode.PROXY
    network = [cause for cause in causes if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError)]
    if not network or any(isinstance(cause, ConnectionError) for cause in network):
        return LinkCode.CONNECTION_REFUSED
    return LinkCode.OFFLINE


def _not_secure(error: ssl.SSLError) -> LinkCode:
    """By number, because the words are in the language of the system."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return LinkCode.TLS_SPOKEN
    reason = getattr(error, "verify_code", 0)
    if reason in _OTHER_HOST:
        return LinkCode.TLS_HOST
    return LinkCode.TLS_DATE if reason in _OTHER_TIME else LinkCode.TLS


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
