"""The sentence for every trouble: what happened, and what to do, in the words of the office.

The reader types fast, does not know what JSON or TLS is, and is blamed when a delivery is not in Zendera: so each sentence
says whether anything is lost (it is not) and what the next step is. Words from outside are put in as plain text.
"""

import re
from datetime import datetime
from typing import Final

from zendera_desk.domain.errors import CredentialError, DeskError, LinkCode, LinkError, PictureError, SettingsError, StoreError
from zendera_desk.domain.rules import Problem
from zendera_desk.gui.format import local_zone, visible
from zendera_desk.gui.words import mark, tr

_LONGEST_WORDS: Final = 300
"""Of Zendera's own words in a sentence; the whole of them is in the entry's details."""
_PLACES: Final = re.compile(r"\{(\w+)\}")

_LINK: Final[dict[str, str]] = {
    LinkCode.OFFLINE: mark("No connection to Zendera. Everything is kept here and goes out by itself when the line is back."),
    LinkCode.CONNECTION_REFUSED: mark("Zendera's server does not take calls right now. Nothing was sent; it is tried again by itself."),
    LinkCode.CONNECT_TIMEOUT: mark("Zendera could not be reached in time. Nothing was sent; it is tried again by itself."),
    LinkCode.TLS: mark(
        "The connection to Zendera could not be made secure, because nobody this PC trusts vouches for what answers. Nothing was sent."
        " Open a web page: your network may want you to sign in first. Else ask whoever looks after your network or your virus scanner."
    ),
    LinkCode.TLS_HOST: mark(
        "What answers says that it is somebody else than Zendera, so nothing was sent. Check the address of the account,"
        " or open a web page: your network may want you to sign in first."
    ),
    LinkCode.TLS_DATE: mark(
        "By the clock of this PC, the proof that this is Zendera is out of date, so nothing was sent."
        " Check the date and the time of this PC; if they are right, tell Zendera."
    ),
    LinkCode.TLS_SPOKEN: mark(
        "What answers does not encrypt as Zendera does, so nothing was sent. Check the address of the account and its port,"
        " or ask whoever looks after your network or your virus scanner."
    ),
    LinkCode.PROXY: mark("Your office's proxy server refused the call. Nothing was sent. Ask whoever looks after your network."),
    LinkCode.BUSY: mark("Too much is on its way at once. Nothing was sent; it is tried again by itself."),
    LinkCode.NOT_WRITTEN: mark("It was not sent, because it could not be noted down here first. It is tried again by itself."),
    LinkCode.TIMEOUT: mark("Zendera did not answer in time, so it may have arrived. Zendera is asked before it is sent again."),
    LinkCode.RESET: mark("The connection broke off, so it may have arrived. Zendera is asked before it is sent again."),
    LinkCode.BROKEN_ANSWER: mark("Zendera's answer could not be read, so it may have arrived. Zendera is asked before it is sent again."),
    LinkCode.TOO_LARGE: mark("Zendera's answer was far too long to be one, and was not read. It is asked again later."),
    LinkCode.DIED: mark("The program stopped while it was sending, so it may have arrived. Zendera is asked before it is sent again."),
    LinkCode.SLEPT: mark("The PC went to sleep while it was sending, so it may have arrived. Zendera is asked before it is sent again."),
    LinkCode.UNAUTHORISED: mark(
        "Zendera does not accept the key. Enter a new one in the preferences; an administrator makes it in Zendera under"
        " Settings > Integrations > API keys. What waits goes out by itself then."
    ),
    LinkCode.FORBIDDEN: mark(
        "The key is right, but does not permit this. Ask an administrator at Zendera to permit it; what waits goes out by itself then."
    ),
    LinkCode.LIMIT: mark("The calls that Zendera allows in an hour are used up. It goes on by itself when there are new ones."),
    LinkCode.REDIRECT: mark(
        "The address of the account leads somewhere else, so nothing was sent. Check the address of the account,"
        " or open a web page: your network may want you to sign in first."
    ),
    LinkCode.NOT_ZENDERA: mark(
        "Something answered that is not Zendera. Check the address of the account, or open a web page:"
        " your network may want you to sign in first."
    ),
    LinkCode.REFUSED: mark("Zendera refused it. Mend what it names and send again, or drop it."),
    LinkCode.SERVER: mark("Zendera had a fault of its own, so it may have arrived. Zendera is asked before it is sent again."),
}

_SHORT: Final[dict[str, str]] = {
    LinkCode.OFFLINE: mark("offline"),
    LinkCode.CONNECTION_REFUSED: mark("server not reachable"),
    LinkCode.CONNECT_TIMEOUT: mark("server not reachable"),
    LinkCode.TLS: mark("connection not secure"),
    LinkCode.TLS_HOST: mark("connection not secure"),
    LinkCode.TLS_DATE: mark("check this PC's date"),
    LinkCode.TLS_SPOKEN: mark("connection not secure"),
    LinkCode.PROXY: mark("proxy refused"),
    LinkCode.BUSY: mark("busy"),
    LinkCode.NOT_WRITTEN: mark("could not be noted down"),
    LinkCode.TIMEOUT: mark("no answer in time"),
    LinkCode.RESET: mark("connection broke off"),
    LinkCode.BROKEN_ANSWER: mark("unreadable answer"),
    LinkCode.TOO_LARGE: mark("answer too long"),
    LinkCode.DIED: mark("program stopped"),
    LinkCode.SLEPT: mark("PC slept"),
    LinkCode.UNAUTHORISED: mark("key not accepted"),
    LinkCode.FORBIDDEN: mark("not permitted"),
    LinkCode.LIMIT: mark("hourly limit"),
    LinkCode.REDIRECT: mark("address leads elsewhere"),
    LinkCode.NOT_ZENDERA: mark("not Zendera"),
    LinkCode.REFUSED: mark("refused"),
    LinkCode.SERVER: mark("fault at Zendera"),
    "still_offered": mark("still offered"),
    "not_arrived": mark("had not arrived"),
    "not_shown": mark("not shown by Zendera"),
    "goes_again": mark("not shown, goes again"),
    "may_not_read": mark("not readable with this key"),
    "cannot_read": mark("Zendera not reached"),
    "no_evidence": mark("not shown for a day"),
    "mended": mark("mended"),
    "damaged": mark("damaged on disk"),
    "restored": mark("data brought back"),
    "may_not_upload": mark("pictures not uploadable"),
    "upload_address": mark("picture not uploaded"),
    "upload_refused": mark("picture refused"),
    "key_missing": mark("key missing"),
}

_STORE: Final[dict[str, str]] = {
    "disk_full": mark("Not saved: the disk is full. Make room; what you typed stays here, and sending waits until then."),
    "locked": mark("Not saved: another program holds the data. Close other copies of Zendera Desk, then try again."),
    "damaged": mark(
        "The data on this PC is damaged, so nothing is sent and nothing can be saved. Restart to mend it: what can be read is kept,"
        " and Zendera is asked about every open send."
    ),
    "newer": mark("The data was written by a newer Zendera Desk. Update this program; nothing was changed."),
    "readonly": mark("Not saved: the data folder cannot be written to. Ask whoever looks after this PC for permission to write there."),
    "io": mark("Not saved: the disk answered with an error. Try again; if it stays, have the disk looked at."),
    "copy_damaged": mark("This copy is damaged, so it did not take the place of your data. Nothing was changed; choose another one."),
    "closed": mark("Not saved: the program is closing. What was saved before is safe."),
    "archive_gone": mark("The archive is not where it was, or cannot be opened. Choose it again."),
    "archive_foreign": mark("This file is no archive of Zendera Desk. Archives lie in the folder “archives” of the data folder."),
    "archive_newer": mark("This archive was made by a newer Zendera Desk. Update this program, then open it again."),
    "archive_older": mark("This archive was made by an older Zendera Desk, with which it can still be opened."),
    "archive_damaged": mark("This archive is damaged, so nothing in it can be trusted. If you have a copy of the file, open that one."),
    "picture_not_kept": mark("This picture was no longer on the PC when the archive was made: only its name is in it."),
    "archive_readonly": mark("This is an archive: it can be read, and nothing in it can be changed or sent."),
}

_CREDENTIAL: Final[dict[str, str]] = {
    "no_keyring": mark("This PC has no safe place for the key (no keyring). It can be used for this session only."),
    "locked": mark("The keyring of this PC is locked. Unlock it, then try again."),
    "too_slow": mark("The keyring of this PC does not answer. It may be asking for its password in another window."),
    "denied": mark("The keyring of this PC did not permit it. Permit Zendera Desk to use it, then try again."),
    "broken": mark("The key could not be kept: the keyring of this PC gave back something else. It can be used for this session only."),
    "bad_key": mark("This is not a key. Copy it again from Zendera, whole and in one line."),
}

_PICTURE: Final[dict[str, str]] = {
    "not_a_picture": mark("This is not a picture. JPEG, PNG, WebP, HEIC, TIFF and PDF can be added."),
    "format": mark("Files of this format cannot be added. Save it as JPEG, PNG or PDF and add that."),
    "too_many_pixels": mark("This picture is too large to open. Make it smaller and add it again."),
    "too_large": mark("This file is too large. Make it smaller and add it again."),
    "unreadable": mark("This picture could not be read; the file may be damaged. Take or save it again."),
    "not_opened": mark("This file could not be opened: it may be gone, or another program may be using it. Add it again."),
    "empty": mark("This file is empty. If it came from a phone, it may not be there completely yet."),
    "not_a_file": mark("This is not a file that can be added."),
    "too_many_pages": mark("This file has too many pages for one report. Open it as a stack of paper, and each goes to its shipment."),
    "no_pages": mark("There is no page in this file. Print or save it anew and add that."),
    "encrypted": mark("This PDF is locked with a password. Save it without one and add it again."),
    "too_slow": mark("Reading this file came to no end, so it was given up. Print or save it anew and add that."),
    "decoder_died": mark("This file could not be read: what reads pictures here failed at it. Print or save it anew and add that."),
    "no_memory": mark("This file needs more memory than is safe to give it. Make it smaller and add it again."),
    "already_here": mark("This file lies in the tray already, so it was not taken in once more."),
    "left_out": mark("This file was left out, because taking in was cancelled before it. Add it again."),
}

_PICTURE_IN_FULL: Final[dict[str, str]] = {
    "format": mark("Files of this format ({format}) cannot be added. Save it as JPEG, PNG or PDF and add that."),
    "already_here": mark("This file lies in the tray already, in the stack “{stack}”, so it was not taken in once more."),
    "too_many_pages": mark(
        "This file has {pages} pages; {most} go into one report. Open it as a stack of paper, and each goes to its shipment."
    ),
}
"""Where the values are known."""

_SETTINGS: Final[dict[str, str]] = {
    "bad_url": mark("This is no web address. It begins with https:// and Zendera's is https://app.zenderatms.com/api/."),
    "plain_http": mark("The address must begin with https://, or the key could be read on its way."),
    "bad_settings": mark("Some settings could not be read and are back at their first values. Nothing else is affected."),
}

_PROBLEMS: Final[dict[str, str]] = {
    "time_empty": mark("When did it happen? Type the time, such as 1430 or y1430 for yesterday."),
    "time_unreadable": mark("This is no time. Type it as 1430, y1430 for yesterday, or 0611 1430."),
    "time_no_hour": mark("The hour is missing. Type it as 1430, or t for now."),
    "time_no_such_time": mark("There is no such time of day. Type it as 1430."),
    "time_no_such_day": mark("There is no such day. Type it as 0611 1430, day before month."),
    "time_no_planned_day": mark("The order has no planned day for this stop. Type the day, such as 0611 1430."),
    "time_dst_gap": mark("The clocks were put forward then, so this time did not exist. Type another."),
    "time_far_away": mark("This is too far from today. Check the year."),
    "time_future": mark("This time has not come yet. Is it right?"),
    "time_before_order": mark("This is before the order came. Is it right?"),
    "time_pc_clock": mark("The time is this PC's clock."),
    "time_dst_first": mark("The clocks were put back then, so this hour came twice. The first is taken."),
    "time_dst_second": mark("The clocks were put back then, so this hour came twice. The second is taken."),
    "photo_far": mark("The photo was taken {distance} from the address."),
    "exception_short": mark("Say a little more about why there is no proof, in at least {least} letters."),
    "position_half": mark("A position needs both latitude and longitude, or neither."),
    "position_unreadable": mark("This is no position. Type degrees, such as 59.9139."),
    "position_range": mark("Degrees go from -{most} to {most} here. Are latitude and longitude swapped?"),
    "position_zero": mark("0, 0 lies in the sea off Africa: the device did not know where it was. Clear both fields."),
    "cost_unreadable": mark("This is no amount. Type it as 1250.50."),
    "cost_ambiguous": mark("This could be read in two ways. Type 1250 or 1.25."),
    "currency_missing": mark("In which currency? Type NOK, DKK, SEK, ISK or EUR."),
    "currency_unknown": mark("There is no such currency. Type its three letters, such as NOK."),
    "cannot_handle": mark("Zendera gives the order to someone else then. Are you sure?"),
    "corrects": mark("A second report for the one of {time}, which stays at Zendera. Change what was wrong, then send it."),
    "refused_before": mark("Zendera refused this: “{words}”. Mend it and send it; the refused one goes then."),
    "already_reported": mark("This stop has been reported already. Is it to be sent again?"),
    "report_on_its_way": mark("A report of this stop is on its way already. Is another one to be sent?"),
    "row_refused": mark("Zendera refused it. Mend it, or send it once more as it is."),
    "gone_from_feed": mark("Zendera offers this shipment no more, and this desk has not accepted it. The report may be refused."),
    "skipped_already_on_its_way": mark("This very report is on its way already, so it was not sent a second time."),
    "skipped_not_here": mark("This shipment is no longer here."),
    "not_accepted_yet": mark("This shipment is not accepted yet. Accept it first, then send this; what you typed stays."),
}

_EVIDENCE: Final[dict[str, str]] = {
    "signee": mark("who signed"),
    "contactless": mark("contactless"),
    "pictures": mark("a picture"),
    "comment": mark("a comment"),
    "position": mark("the position"),
}

_SKIPPED: Final[dict[str, str]] = {
    "already_accepted": mark("already accepted"),
    "already_on_its_way": mark("already on its way"),
    "gone": mark("gone from Zendera's feed"),
    "failed_waiting": mark("failed, waiting for Zendera to correct it"),
    "last_strike": mark("the last strike must be confirmed by itself"),
    "not_here": mark("no longer here"),
    "went_out_again": mark("the refused report went out again as it was; look at it in the outbox"),
}

_REASONS: Final = (
    mark("Unknown postal code"),
    mark("Invalid address"),
    mark("Missing time window"),
    mark("Unknown location"),
    mark("Missing data"),
    mark("Outside our area"),
    mark("No capacity"),
    mark("Dangerous goods not accepted"),
)

_ENGINE: Final[dict[str, str]] = {
    "still_offered": mark("Zendera took the accept, but still offers the order. Look at it in Zendera, or accept it again."),
    "not_arrived": mark("It had not arrived at Zendera, and goes out again by itself."),
    "not_shown": mark("Zendera does not show it. Ask Zendera's dispatchers, then say what happened."),
    "goes_again": mark("In two looks, apart in time, Zendera did not show it. It goes out again by itself."),
    "may_not_read": mark("This key may not read what happened to the order, so Zendera cannot tell whether it arrived."),
    "cannot_read": mark("Zendera could not be asked for a day. Ask Zendera's dispatchers, then say what happened."),
    "no_evidence": mark(
        "Zendera answered that it took it, but did not show it for a day. Ask Zendera's dispatchers, then say what happened."
    ),
    "mended": mark("A newer entry says it right."),
    "restored": mark("It was open when an older data file came back, so it may have been sent since. Zendera is asked before it is sent."),
    "may_not_upload": mark(
        "This key may not upload pictures, so reports with pictures wait. In the preferences, let them be sent inside the report; then"
        " take back what waits and send it once more."
    ),
    "upload_address": mark(
        "The place that was named for uploading a picture is not safe to use, so nothing was sent. In the preferences, let pictures be"
        " sent inside the report, drop this and enter it again."
    ),
    "upload_refused": mark("Zendera does not take a picture of this report, so it was not sent. Mend it and send again, or drop it."),
    "damaged": mark("What was noted down to be sent is damaged on this PC's disk. It is not sent; drop it and enter it again."),
    "key_missing": mark("The key of this account is not in this PC's keyring. Enter it once more, and everything goes on."),
    "not_here": mark("This is no longer here."),
    "not_droppable": mark("It may have left already, so it cannot be dropped."),
    "decided_already": mark("It has moved on meanwhile. Look at where it stands now."),
    "in_report": mark("This page is in a report that is on its way or sent. Take the report back first, then the page is free."),
    "folder_unreachable": mark("The watched folder cannot be reached. What comes there is taken in as soon as it can be; nothing is lost."),
    "no_account": mark("Open an account first: paper belongs to one."),
    "being_sent": mark("Nothing was changed: this form is being sent at this moment. Take that back first."),
    "form_not_saved": mark("Nothing was changed: what is typed could not be saved."),
    "draft_there": mark("The other shipment has a report begun already. Send or discard that one first; nothing was moved."),
    "draft_here": mark("A report about this shipment is begun already. Send or discard that one first; nothing was changed."),
    "agrees_now": mark("The product feed has changed meanwhile: nothing is left to report there."),
    "moved_on": mark("It has moved on meanwhile, so this is not possible any more. Look at where it stands now."),
    "no_form": mark("What was typed for it is not kept any more, so it cannot be taken up again. Enter it anew."),
    "same_shipment": mark("It is at this shipment already. Choose another one."),
    "bound_here": mark("This form answers an earlier report of this shipment, so it stays here. Its pictures can be moved."),
    "changed_since": mark("One of the two forms was changed since, so nothing was moved back."),
}

_BY_KIND: Final[tuple[tuple[type[DeskError], dict[str, str]], ...]] = (
    (LinkError, _LINK),
    (StoreError, _STORE),
    (CredentialError, _CREDENTIAL),
    (PictureError, _PICTURE),
    (SettingsError, _SETTINGS),
)


def error(trouble: DeskError) -> str:
    """What happened and what to do. Zendera's own words, where there are some that help, stand at the end in quotes."""
    for kind, sentences in _BY_KIND:
        if isinstance(trouble, kind) and trouble.code in sentences:
            return _named(trouble) + (_in_full(trouble) or tr(sentences[trouble.code])) + _quoted(trouble)
    return code(trouble.code)


def _in_full(trouble: DeskError) -> str:
    sentence = _PICTURE_IN_FULL.get(trouble.code, "") if isinstance(trouble, PictureError) else ""
    if not set(_PLACES.findall(sentence)) <= trouble.values.keys():
        return ""
    values: dict[str, object] = {key: visible(str(trouble.values[key])) for key in _PLACES.findall(sentence)}
    return tr(sentence, None, **values) if sentence else ""


def _named(trouble: DeskError) -> str:
    name = trouble.values.get("name")
    return f"{visible(str(name))}: " if name and isinstance(trouble, PictureError) else ""


def _quoted(trouble: DeskError) -> str:
    if not isinstance(trouble, LinkError) or not trouble.words.strip():
        return ""
    words = visible(" ".join(trouble.words.split()))
    return " " + tr("Answer: “{words}”", words=words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS] + "…")


def code(value: str) -> str:
    """The sentence for a code alone, such as an entry's. "" for none."""
    for sentences in (_LINK, _ENGINE, _STORE, _CREDENTIAL, _PICTURE, _SETTINGS):
        if value in sentences:
            return tr(sentences[value])
    return tr("Something went wrong: {code}.", code=visible(readable(value))) if value else ""


def short_code(value: str) -> str:
    """Two or three words for a code, for a row or the status line."""
    return tr(_SHORT[value]) if value in _SHORT else visible(readable(value))


def problem(found: Problem) -> str:
    """What is wrong with a field and how to mend it."""
    values = dict(found.values)
    if found.code == "evidence_missing":
        return _missing(values.get("any_of", found.field))
    if found.code == "already_shown":
        return _already_shown(values)
    known = _PROBLEMS.get(found.code)
    if known is None:
        return tr("Please check this: {code}.", code=visible(readable(found.code)))
    return tr(known, None, **values)


def _already_shown(values: dict[str, str]) -> str:
    """What another desk has said, with the trade's word for it, and when it is said to have happened."""
    word = _SAID.get(values.get("status", ""))
    what = tr(word) if word else visible(readable(values.get("status", "")))
    if not values.get("at"):
        return tr("Zendera already shows “{what}” for this stop, not from this desk. Send all the same?", what=what)
    time = f"{datetime.fromisoformat(values['at']).astimezone(local_zone()):%d.%m. %H:%M}"
    return tr("Zendera already shows “{what}” for this stop at {time}, not from this desk. Send all the same?", what=what, time=time)


_SAID: Final[dict[str, str]] = {
    "COMPLETE": mark("complete"),
    "DAMAGE": mark("damage"),
    "NO_ONE_THERE": mark("no one there"),
    "OTHER": mark("other"),
    "CANNOT_HANDLE_ORDER": mark("cannot handle"),
}


def _missing(any_of: str) -> str:
    wanted = [tr(_EVIDENCE[field]) if field in _EVIDENCE else visible(readable(field)) for field in any_of.split(",") if field]
    return tr("Needed: {evidence}. Or say why there is no proof.", evidence=(" " + tr("or") + " ").join(wanted))


def skipped(value: str) -> str:
    """Why an action left a shipment out."""
    return tr(_SKIPPED[value]) if value in _SKIPPED else visible(readable(value))


def failure_reasons() -> list[str]:
    """Reasons to choose from; a dispatcher of another company reads them."""
    return [tr(reason) for reason in _REASONS]


def readable(word: str) -> str:
    """A code that we have no words for, as words: "NOT_READY" becomes "not ready"."""
    return word.replace("_", " ").strip().lower()
