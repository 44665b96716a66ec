"""What this desk prefers: one small JSON file in the data folder, and where that folder is.

Nothing a person typed about a shipment is here, and no key: losing the file loses habits, not work. So reading is
tolerant: a wrong value falls back by itself, a broken file is moved aside and kept, and both are said. Keys that this
version does not know are written back, so that going back to an older version costs nothing. Accounts are rows in the
database, because their shipments are.
"""

import contextlib
import getpass
import logging
import socket
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
import platformdirs

from zendera_desk.disk import trouble, write_whole
from zendera_desk.domain import comments
from zendera_desk.domain.comments import ReadyComments
from zendera_desk.domain.errors import SettingsError
from zendera_desk.domain.preparing import LONGEST, MOST, QUALITY
from zendera_desk.domain.rules import DEFAULT, Rules
from zendera_desk.domain.uploads import Way

FILE: Final = "settings.json"

_log = logging.getLogger(__name__)


def _user() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # an account without a name, as in a container; ImportError is Windows' word for it
        return ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Frozen: a change is a new one (`msgspec.structs.replace`), saved and handed on whole."""

    language: Annotated[str, msgspec.Meta(max_length=12)] = ""
    """nb, en, da, sv, is; "" for the system's. Kept for the translations to come: so far the window speaks English."""
    scheme: Literal["system", "light", "dark"] = "system"
    hold_seconds: Annotated[int, msgspec.Meta(ge=0, le=60)] = 10
    """How long a send can be taken back before it goes."""
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] = "NOK"
    """What a cost is in when nothing else is said."""
    scanner_prefix: Annotated[str, msgspec.Meta(max_length=8)] = ""
    """What the hand scanner was set to send before each code, if it is none of AIM's identifiers ("]C1")."""
    rules: Rules = msgspec.field(default_factory=lambda: dict(DEFAULT))
    comments: ReadyComments = msgspec.field(default_factory=lambda: dict(comments.DEFAULT))
    """Ready comments, by status."""
    desks_on_key: Annotated[int, msgspec.Meta(ge=1, le=50)] = 1
    """How many desks share the key, and so the hour's calls."""
    certainty: Literal["learned", "strict", "auto"] = "learned"
    """What two reads that do not show an unclear report mean: `strict` asks a person, `auto` sends it again; `learned` is strict
    until twenty of the account's own reports were recognised on the timeline."""
    pictures_by: dict[str, Way] = {}
    """By the account's id: inside the report (`inline`, also where nothing is said), or uploaded before it and sent as links."""
    picture_longest: Annotated[int, msgspec.Meta(ge=800, le=4000)] = LONGEST
    """Pixels of the longer side of a picture that is prepared from now on; those that are prepared stay as they are."""
    picture_quality: Annotated[int, msgspec.Meta(ge=40, le=95)] = QUALITY
    picture_most: Annotated[int, msgspec.Meta(ge=200_000, le=5_000_000)] = MOST
    """Bytes. What would be larger gets a lower quality, then fewer pixels."""
    keep_proofs_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 90
    """Pictures, signee names and comments go so many days after Zendera confirmed them; 0 keeps them."""
    keep_shipments_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 400
    """Shipments that are done go so many days after the last thing that happened to them; 0 keeps them."""
    made_by: Annotated[str, msgspec.Meta(max_length=200)] = msgspec.field(default_factory=_user)
    """Who enters what at this desk; the key names an organisation, not a person."""
    desk: Annotated[str, msgspec.Meta(max_length=200)] = msgspec.field(default_factory=socket.gethostname)
    open_account: str = ""
    """The id of the account that was open last."""
    languages: dict[str, str] = {}
    """By the account's id the language its dispatchers are written to in (domain/quoting.py); English where nothing is said."""
    watched_folders: dict[str, str] = {}
    """By the id of an account the folder that its scanner or phone fills. Chosen through `desk.paper.watch`."""
    window: dict[str, str] = {}
    """Sizes and places by name, in base64, as Qt gives them."""


def bounds(name: str) -> tuple[int, int]:
    """The least and the most that a number among the settings may be."""
    kind: Any = next(field.type for field in msgspec.inspect.type_info(Settings).fields if field.name == name)  # type: ignore[attr-defined]
    return int(kind.ge), int(kind.le)


def is_shorter(days: int, than: int) -> bool:
    """Of how long something is kept, where 0 is for good."""
    return days != 0 and (than == 0 or days < than)


def data_folder(given: Path | None = None) -> Path:
    """Where everything is kept: `given`, else where this system wants it. Made if missing; for this person's eyes alone.

    Raises StoreError when it cannot be made.
    """
    folder = given.expanduser().absolute() if given else platformdirs.user_data_path("zendera-desk", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise trouble(error, folder) from error
    try:
        folder.chmod(0o700)
    except OSError:  # another's folder, or a file system without owners: still usable, and worth a line
        _log.warning("the data folder's permissions could not be narrowed")
    return folder


def load(folder: Path) -> tuple[Settings, SettingsError | None]:
    """The settings, and what was wrong with them: SettingsError("bad_settings") with `fields` that fell back, or `moved_to`."""
    path = folder / FILE
    try:
        stored = _stored(path)
    except FileNotFoundError:
        return Settings(), None
    except (OSError, msgspec.DecodeError) as error:
        return Settings(), _moved_aside(path, error)
    values: dict[str, object] = {}
    wrong: list[str] = []
    for field in msgspec.structs.fields(Settings):
        if field.name in stored:
            try:
                values[field.name] = msgspec.json.decode(stored[field.name], type=field.type)
            except msgspec.DecodeError:
                wrong.append(field.name)
    return msgspec.convert(values, Settings), SettingsError("bad_settings", fields=", ".join(wrong)) if wrong else None


def save(folder: Path, settings: Settings) -> None:
    """Writes the settings, whole or not at all, also through a power cut. Raises StoreError."""
    path = folder / FILE
    kept: dict[str, msgspec.Raw] = {}
    with contextlib.suppress(OSError, msgspec.DecodeError):
        kept = _stored(path)
    ours = msgspec.to_builtins(settings)
    text = msgspec.json.format(msgspec.json.encode({**kept, **ours}), indent=2)
    try:
        write_whole(path, text + b"\n")
    except OSError as error:
        raise trouble(error, path) from error


def _stored(path: Path) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])


def _moved_aside(path: Path, error: Exception) -> SettingsError:
    aside = path.with_name(f"{path.name}.broken-{datetime.now().astimezone():%Y%m%dT%H%M%S}")
    _log.warning("settings could not be read (%s), moved to %s", type(error).__name__, aside.name)
    try:
        path.replace(aside)
    except OSError:
        return SettingsError("bad_settings", moved_to="")
    return SettingsError("bad_settings", moved_to=aside.name)
