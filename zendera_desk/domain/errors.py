"""Everything that can go wrong and that a person must hear about, as codes and values.

The sentence for each code (what happened, what to do) is made in one place, gui/sentences.py. `str(error)` is English, for logs,
which nobody cleans of personal data: so names of files and the words of an answer are not in it.
"""

from datetime import timedelta
from enum import StrEnum


class DeskError(Exception):
    """A trouble with a name. `values` are plain text or numbers from outside, shown as plain text only."""

    of_people = frozenset({"name"})
    """Values that may name somebody, and are shown but not logged."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code + "".join(f" {key}={value!r}" for key, value in values.items() if key not in self.of_people))
        self.code = code
        self.values = values


class LinkCode(StrEnum):
    """Why no usable answer of Zendera's came."""

    # certainly not received
    OFFLINE = "offline"  # no route, or the name does not resolve
    CONNECTION_REFUSED = "connection_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS = "tls"  # a certificate that nobody trusted vouches for
    TLS_HOST = "tls_host"  # a certificate of another host
    TLS_DATE = "tls_date"  # expired or not valid yet, by this PC's clock
    TLS_SPOKEN = "tls_spoken"  # what answers there speaks no TLS, or only an old one
    PROXY = "proxy"  # the proxy refused: 407 and the like
    BUSY = "busy"  # no free connection within the time
    NOT_WRITTEN = "not_written"  # `sending` could not be committed, so nothing was sent
    # may have been received
    TIMEOUT = "timeout"
    RESET = "reset"
    BROKEN_ANSWER = "broken_answer"
    TOO_LARGE = "too_large"
    DIED = "died"  # the program or machine stopped while it was sending
    SLEPT = "slept"
    # an answer that is not the one we asked for
    UNAUTHORISED = "unauthorised"  # 401
    FORBIDDEN = "forbidden"  # 403
    LIMIT = "limit"  # 429
    REDIRECT = "redirect"  # any 3xx: never followed
    NOT_ZENDERA = "not_zendera"  # 2xx with something that the endpoint does not answer
    REFUSED = "refused"  # other 4xx
    SERVER = "server"  # 408, 425, 5xx


_OUR_WORDS = frozenset({LinkCode.BROKEN_ANSWER, LinkCode.TOO_LARGE, LinkCode.REDIRECT})
"""With these the words are about the answer, not from it."""


class LinkError(DeskError):
    """A call to Zendera that did not end in a valid 2xx."""

    code: LinkCode

    def __init__(self, code: LinkCode, *, http_status: int | None = None, words: str = "", retry_after: timedelta | None = None) -> None:
        self.of_people = frozenset({"words"} if http_status is not None and code not in _OUR_WORDS else ())
        super().__init__(code, http_status=http_status, words=words)
        self.code = code
        self.http_status = http_status
        self.words = words
        """Zendera's `error`/`message`, or the start of the text, or the operating system's words. Never the key."""
        self.retry_after = retry_after


class UploadAddressError(DeskError):
    """What Zendera named as the place for a picture's bytes, or as its link, is no address that may be used. Code: upload_address.

    `words` is the address, shortened.
    """

    of_people = frozenset({"words"})

    def __init__(self, words: str) -> None:
        super().__init__("upload_address", words=words)
        self.words = words


class StoreError(DeskError):
    """The data on disk could not be used.

    Codes: disk_full, locked, damaged, newer, readonly, io, closed; of a start alone: foreign, not_a_file, not_updated; of going
    back to a copy: copy_damaged.
    """


class CredentialError(DeskError):
    """The system keyring could not be used. Codes: no_keyring, locked, too_slow, denied, broken, bad_key."""


class PictureError(DeskError):
    """A file that is no usable picture.

    Codes: not_a_picture, format, too_many_pixels, too_large, unreadable, empty, not_a_file, encrypted, no_pages, too_many_pages; of the
    moment, and not of the file: not_opened; of the process that reads it, which may have been in trouble itself: too_slow,
    decoder_died, no_memory.
    """

    @property
    def may_pass(self) -> bool:
        """The same file may be taken another time."""
        return self.code in {"not_opened", "too_slow", "decoder_died", "no_memory"}


class SettingsError(DeskError):
    """Codes: bad_url, plain_http, bad_settings."""
