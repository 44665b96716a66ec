"""What a trial of an address and key says. In the daily work the same codes read differently: nothing is waiting here yet."""

from typing import Final

from zendera_desk.domain.errors import DeskError, LinkCode, LinkError
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.words import mark, tr

_SENTENCES: Final[dict[LinkCode, str]] = {
    LinkCode.OFFLINE: mark("Zendera was not found. Check the network of this PC and the address, then test again."),
    LinkCode.CONNECTION_REFUSED: mark("Nothing answers at this address. Check it, then test again."),
    LinkCode.CONNECT_TIMEOUT: mark("Nothing answered in time. Check the network of this PC and the address, then test again."),
    LinkCode.TLS: mark(
        "Nobody this PC trusts vouches for what answers there. Check the address, or open a web page: your network may want you to"
        " sign in first. Else ask whoever looks after your network or your virus scanner."
    ),
    LinkCode.TLS_HOST: mark(
        "What answers there says that it is somebody else. Check the address, or open a web page: your network may want you to"
        " sign in first."
    ),
    LinkCode.TLS_DATE: mark(
        "By the clock of this PC, the proof that this is Zendera is out of date. Check the date and the time of this PC, then test again."
    ),
    LinkCode.TLS_SPOKEN: mark("What answers there does not encrypt as Zendera does. Check the address; it begins with https://."),
    LinkCode.TIMEOUT: mark("Zendera did not answer in time. Test again."),
    LinkCode.RESET: mark("The connection broke off. Test again."),
    LinkCode.BROKEN_ANSWER: mark("The answer could not be read. Test again."),
    LinkCode.SERVER: mark("Zendera had a fault of its own. Test again in a while."),
    LinkCode.PROXY: mark("Your office's proxy server refused the call. Ask whoever looks after your network."),
    LinkCode.UNAUTHORISED: mark(
        "Zendera does not accept this key. Copy it again, whole, and see that it belongs here:"
        " production and staging have keys of their own."
    ),
    LinkCode.FORBIDDEN: mark("The key is right, but may not read exported orders. Ask an administrator at Zendera to permit it."),
    LinkCode.LIMIT: mark("The key is known, but its calls of this hour are used up. Test again later."),
    LinkCode.REDIRECT: mark("This address leads somewhere else. Check it, or open a web page: your network may want you to sign in first."),
    LinkCode.NOT_ZENDERA: mark("Something answers there that is not Zendera. Check the address; it ends in /api/."),
    LinkCode.REFUSED: mark("Something answers there, but not as Zendera does. Check the address; it ends in /api/."),
}

LINE_AT_FAULT: Final = frozenset(
    {
        LinkCode.OFFLINE,
        LinkCode.CONNECTION_REFUSED,
        LinkCode.CONNECT_TIMEOUT,
        LinkCode.TIMEOUT,
        LinkCode.RESET,
        LinkCode.PROXY,
        LinkCode.BUSY,
        LinkCode.SERVER,
        LinkCode.LIMIT,
        LinkCode.FORBIDDEN,
    }
)
"""What may mend itself or be mended by others: an account can be saved all the same."""


def trial_sentence(error: DeskError) -> str:
    if not isinstance(error, LinkError) or error.code not in _SENTENCES:
        return labels.error(error)
    words = visible(" ".join(error.words.split()))[:200]
    answer = " " + tr("Answer: “{words}”", words=words) if words else ""
    return tr(_SENTENCES[error.code]) + answer
