"""The command line. Qt is loaded for the window alone: `simulate` and `doctor` run where no window can."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import zendera_desk
from zendera_desk import later
from zendera_desk.domain.access import check_base_url, check_key
from zendera_desk.domain.errors import CredentialError, SettingsError, StoreError
from zendera_desk.ending import Ending

KEY_VARIABLE = "ZENDERA_API_KEY"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 for a proper end, 1 for trouble that was said, 2 for a command line that makes no sense."""
    options = _parser().parse_args(arguments)
    if options.command == zendera_desk.READ_PICTURES:
        from zendera_desk.pictures import serve  # noqa: PLC0415 (what only this command needs)

        return serve.main()
    if options.command == "simulate":
        return _simulate(options)
    later.put_off()
    from zendera_desk import settings  # noqa: PLC0415 (after that)

    try:
        of_its_own = options.archive is not None or (options.demo and options.data_dir is None)
        folder = None if of_its_own else settings.data_folder(options.data_dir)
    except StoreError as error:
        return _say(f"The data folder cannot be used: {error}")
    if options.command == "doctor":
        from zendera_desk import doctor  # noqa: PLC0415 (what only this command needs)

        return doctor.run(folder or settings.data_folder())
    with Ending() as ending:
        return _window(options, folder, ending)


def _window(options: argparse.Namespace, folder: Path | None, ending: Ending) -> int:
    # Taken out of the environment at once: programs that are started from here shall not inherit it.
    key = os.environ.pop(KEY_VARIABLE, "")
    base_url = options.base_url
    if base_url is not None:
        try:
            base_url = check_base_url(base_url)
            key = check_key(key)
        except SettingsError as error:
            return _say(_ADDRESS[error.code], code=2)
        except CredentialError:
            return _say(f"With --base-url the key is expected in the environment variable {KEY_VARIABLE}.", code=2)
    from zendera_desk import logs  # noqa: PLC0415 (not before what it does without was put off)

    if key:
        logs.hide(key)
    # Until the window is there, nothing becomes garbage that is worth looking for: on again in app.py, when it is built.
    gc.disable()
    from zendera_desk.gui import qtload  # noqa: PLC0415 (Qt)

    qtload.load_qt()
    from zendera_desk.gui import application  # noqa: PLC0415 (after that)

    _kept = application.made()
    from zendera_desk import app  # noqa: PLC0415 (it imports the rest, and the application does not wait for that)

    return app.run(
        app.Start(
            folder=folder,
            base_url=base_url or "",
            key=key,
            demo=options.demo,
            pace=options.pace,
            tour=options.tour,
            scheme=options.scheme,
            verbose=options.verbose,
            figures=options.figures,
            archive=options.archive,
            ending=ending,
        )
    )


_ADDRESS = {
    "bad_url": "--base-url is not an address that can be used, such as https://app.zenderatms.com/api/.",
    "plain_http": "--base-url must begin with https: plain http is allowed for addresses of this computer alone.",
}


def _simulate(options: argparse.Namespace) -> int:
    from zendera_desk.simulator import simulate  # noqa: PLC0415 (uvicorn)

    return simulate.run(
        port=options.port,
        seed=options.seed,
        shipments=options.shipments,
        key=options.key,
        limit=options.limit,
        pace=options.pace,
        still=options.still,
        troubled=options.troubled,
        quiet=options.quiet,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zendera-desk", description="Take in, accept and report Zendera's exported shipments, and watch its product feed."
    )
    parser.add_argument("--version", action="version", version=f"Zendera Desk {zendera_desk.__version__}")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="keep everything in DIR instead of this system's usual place")
    parser.add_argument("--base-url", metavar="URL", help=f"work with this address for this run only; the key is read from {KEY_VARIABLE}")
    parser.add_argument("--demo", action="store_true", help="work with a made-up Zendera inside this program")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="with --demo: play a day by itself and leave screenshots in DIR")
    parser.add_argument("--pace", type=float, default=1.0, metavar="N", help="with --demo: the made-up world runs N times as fast")
    parser.add_argument(
        "--lang", choices=("en", "nb", "da", "sv", "is"), help="the language; there is English alone so far, whatever is asked for"
    )
    parser.add_argument("--scheme", choices=("light", "dark"), help="light or dark, instead of the system's scheme")
    parser.add_argument("--verbose", action="store_true", help="write more into the log")
    parser.add_argument("--archive", type=Path, metavar="FILE", help="open an archive of old shipments, to read in it and nothing else")
    parser.add_argument("--figures", action="store_true", help=argparse.SUPPRESS)  # for ./dev bench
    parser.set_defaults(command="window")
    commands = parser.add_subparsers(title="other commands", metavar="")
    _add_simulate(commands.add_parser("simulate", help="run the made-up Zendera alone, for integrators and tests"))
    doctor = commands.add_parser("doctor", help="print versions, folders, keyring, database and network facts, without secrets")
    doctor.add_argument("--data-dir", type=Path, metavar="DIR", default=argparse.SUPPRESS)
    doctor.set_defaults(command="doctor")
    hidden = zendera_desk.READ_PICTURES  # without a line in the help: only the program itself asks for it
    commands.add_parser(hidden).set_defaults(command=hidden)
    return parser


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="simulate")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shipments", type=int, default=24, help="how many wait at the start")
    parser.add_argument("--key", help="the key it expects; made up and printed if not given")
    parser.add_argument("--limit", type=int, default=1000, help="calls an hour")
    parser.add_argument("--pace", type=float, default=1.0, help="how many times as fast as life")
    parser.add_argument("--still", action="store_true", help="nothing happens by itself")
    parser.add_argument("--troubled", action="store_true", help="some calls fail or dawdle")
    parser.add_argument("--quiet", action="store_true", help="print the first line of JSON and nothing else")


def _say(text: str, code: int = 1) -> int:
    print(text, file=sys.stderr)
    return code
