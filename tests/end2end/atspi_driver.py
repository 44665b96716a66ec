"""What a screen reader does, for the tests: finds the program's widgets by their accessible names, reads and operates them.

Runs as a process of its own under the system's /usr/bin/python3, because the AT-SPI bindings (python3-gi) come as a Debian
package and not as a wheel. One request a line on stdin, one answer a line on stdout, both JSON: {"do": "press", "name":
"Accept"} is answered by {"ok": …} or {"error": "…"}. Every request looks the widget up afresh and waits for it, so that the
tests hold no references and sleep nowhere.
"""

import contextlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 (the version comes first)

PATIENCE = 20.0
CROWDED = {"table", "tree table", "tree", "list"}
"""Their cells are read through the table interface; walking thousands of them over D-Bus would take minutes."""


class NotYetError(Exception):
    """What was asked for is not there now. It is looked for again until the patience ends."""


def applications(pid: int) -> list[Atspi.Accessible]:
    desktop = Atspi.get_desktop(0)
    found = (desktop.get_child_at_index(index) for index in range(desktop.get_child_count()))
    return [application for application in found if application and application.get_process_id() == pid]


def shown(node: Atspi.Accessible) -> bool:
    return bool(node.get_state_set().contains(Atspi.StateType.SHOWING))


def walk(node: Atspi.Accessible) -> Iterator[Atspi.Accessible]:
    """The node and all below it that is shown, in the order of the tree."""
    with contextlib.suppress(GLib.Error):  # it went away while we looked
        yield node
        if node.get_role_name() in CROWDED:
            return
        for index in range(node.get_child_count()):
            child = node.get_child_at_index(index)
            if child is not None and (shown(child) or node.get_role_name() == "application"):
                yield from walk(child)


def everything(pid: int) -> Iterator[Atspi.Accessible]:
    for application in applications(pid):
        yield from walk(application)


def fits(node: Atspi.Accessible, name: str, role: str) -> bool:
    if role and node.get_role_name() != role:
        return False
    # On Linux a combo box of Qt's is named by what is chosen in it; its own name is that of its label.
    return (node.get_name() or "") == name or (node.get_role_name() == "combo box" and name in labels(node))


def labels(node: Atspi.Accessible) -> list[str]:
    return [
        relation.get_target(index).get_name() or ""
        for relation in node.get_relation_set()
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
        for index in range(relation.get_n_targets())
    ]


def find(request: dict) -> Atspi.Accessible:
    name, role, inside = request["name"], request.get("role", ""), request.get("inside", "")
    places: Iterator[Atspi.Accessible] = everything(request["pid"])
    if inside:
        place = next((node for node in places if (node.get_name() or "") == inside), None)
        if place is None:
            raise NotYetError(f"no {inside!r} is shown")
        places = walk(place)
    fitting = [node for node in places if fits(node, name, role)]
    if not fitting:
        raise NotYetError(f"no {role or 'widget'} named {name!r} is shown")
    # A window and a field may share a name; the one that can be used comes first.
    return min(fitting, key=lambda node: not usable(node))


def usable(node: Atspi.Accessible) -> bool:
    states = node.get_state_set()
    return bool(states.contains(Atspi.StateType.ENABLED) and states.contains(Atspi.StateType.SENSITIVE))


def find_usable(request: dict) -> Atspi.Accessible:
    node = find(request)
    if not usable(node):
        raise NotYetError(f"{request['name']!r} is disabled")
    return node


def text_of(node: Atspi.Accessible) -> str:
    """What is written in it: a field's text; a label that has a name of its own tells its text as the description."""
    if "Text" in node.get_interfaces():
        return str(Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)))
    return str(node.get_description() or node.get_name() or "")


def act(node: Atspi.Accessible) -> None:
    """The one thing it is there for."""
    names = [Atspi.Action.get_action_name(node, index) for index in range(Atspi.Action.get_n_actions(node))]
    wanted = next((name for name in ("Press", "Toggle", "ShowMenu") if name in names), None)
    if wanted is None:
        raise NotYetError(f"{node.get_name()!r} can do only {names}")
    Atspi.Action.do_action(node, names.index(wanted))


def press(request: dict) -> None:
    node = find_usable(request)
    act(node)
    # Qt holds a button down for a moment before it clicks; a person would not be faster either.
    with contextlib.suppress(GLib.Error):  # its dialog may be gone with it
        while node.get_state_set().contains(Atspi.StateType.PRESSED):
            time.sleep(0.02)


def focus(request: dict) -> None:
    node = find_usable(request)
    Atspi.Component.grab_focus(node)
    if not node.get_state_set().contains(Atspi.StateType.FOCUSED):
        raise NotYetError(f"{request['name']!r} does not take the focus")


def set_text(request: dict) -> None:
    Atspi.EditableText.set_text_contents(find_usable(request), request["text"])


def read(request: dict) -> str:
    return text_of(find(request))


def checked(request: dict) -> bool:
    return bool(find(request).get_state_set().contains(Atspi.StateType.CHECKED))


def rows(request: dict) -> list[list[str]]:
    """A table's cells as text, at most 200 rows."""
    table = find(request)
    columns = range(Atspi.Table.get_n_columns(table))
    return [[cell_text(table, row, column) for column in columns] for row in range(min(200, Atspi.Table.get_n_rows(table)))]


def cell_text(table: Atspi.Accessible, row: int, column: int) -> str:
    cell = Atspi.Table.get_accessible_at(table, row, column)
    return str(cell.get_name() or "") if cell else ""


def find_rows(request: dict) -> list[int]:
    """Where the rows stand that have one of the texts in a cell; each text must be there."""
    cells = rows(request)
    missing = [text for text in request["texts"] if not any(text in row for row in cells)]
    if missing:
        raise NotYetError(f"{request['name']!r} has no {missing}; its rows are {cells[:10]}")
    return [place for place, row in enumerate(cells) if set(row) & set(request["texts"])]


def select_rows(request: dict) -> None:
    """Makes exactly these rows the selection."""
    table = find_usable(request)
    wanted = find_rows(request)
    for row in range(Atspi.Table.get_n_rows(table)):
        if Atspi.Table.is_row_selected(table, row) and row not in wanted:
            Atspi.Table.remove_row_selection(table, row)
    for row in wanted:
        Atspi.Table.add_row_selection(table, row)
    if find_rows(request) != wanted or list(Atspi.Table.get_selected_rows(table)) != wanted:
        raise NotYetError(f"{request['name']!r} moved its rows meanwhile")


def names(request: dict) -> list[str]:
    """All that is shown, as "role: name", for the message of a test that fails."""
    return [f"{node.get_role_name()}: {node.get_name()}" for node in everything(request["pid"]) if node.get_name()]


def gone(request: dict) -> None:
    try:
        find(request)
    except NotYetError:
        return
    raise NotYetError(f"{request['name']!r} is still shown")


def reads(request: dict) -> str:
    """Waits until the text matches the pattern."""
    text = text_of(find(request))
    if not re.search(request["pattern"], text):
        raise NotYetError(f"{request['name']!r} reads {text!r}, not {request['pattern']!r}")
    return text


COMMANDS: dict[str, Callable[[dict], object]] = {
    "wait_for": lambda request: find(request).get_role_name(),
    "gone": gone,
    "press": press,
    "focus": focus,
    "set_text": set_text,
    "read": read,
    "reads": reads,
    "checked": checked,
    "find_rows": find_rows,
    "select_rows": select_rows,
    "names": names,
}


def patiently(command: Callable[[dict], object], request: dict) -> object:
    end = time.monotonic() + request.get("patience", PATIENCE)
    while True:
        try:
            return command(request)
        except (NotYetError, GLib.Error, AttributeError, TypeError) as error:  # the last three: it went away half-way
            if time.monotonic() > end:
                raise TimeoutError(str(error)) from error
            Atspi.get_desktop(0).clear_cache()
            time.sleep(0.05)


def main() -> None:
    Atspi.init()
    Atspi.set_timeout(5_000, 15_000)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer: dict[str, object] = {"ok": patiently(COMMANDS[request["do"]], request)}
        except Exception as error:  # noqa: BLE001 (whatever it is, the test wants to read it)
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
