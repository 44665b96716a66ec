"""All fields as a tree: what is in what, whatever is in it, and what can be copied."""

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest

from zendera_desk.api.wire import all_fields
from zendera_desk.gui.shipment.original import DEEPEST, GROUP, Original, grown, is_known
from zendera_desk.gui.shipment.tree import OPENED, FieldsTree, TreeModel

ORIGINAL = b'{"orderId": 9007199254740993, "parcels": [{"name": "Sofa", "meta": {"a.b": "x"}}, {"name": "Chair"}], "empty": {}}'


@pytest.fixture
def tree(show: Callable[[FieldsTree], FieldsTree]) -> FieldsTree:
    made = FieldsTree("allFields", "All fields")
    made.resize(600, 400)
    made.say(Original(ORIGINAL).search(""))
    return show(made)


def lines(tree: FieldsTree) -> list[tuple[str, str]]:
    found, index = [], tree.model().index(0, 0)
    while index.isValid():
        found.append((index.data(), index.siblingAtColumn(1).data()))
        index = tree.indexBelow(index)
    return found


def go_to(tree: FieldsTree, path: str) -> None:
    tree.setCurrentIndex(tree.fields.found(path))
    tree.setFocus()


def test_every_value_stands_in_its_object_or_list_and_all_is_open(tree: FieldsTree) -> None:
    assert lines(tree) == [
        ("orderId", "9007199254740993"),
        ("parcels", "2 inside"),
        ("[0]", "2 inside"),
        ("name", "Sofa"),
        ("meta", "1 inside"),
        ("a.b", "x"),
        ("[1]", "1 inside"),
        ("name", "Chair"),
        ("empty", "{}"),
    ]


def test_numbers_that_zendera_describes_are_not_called_unknown_and_anything_else_is() -> None:
    original = b'{"carrierService": {"id": "1", "code": "STD", "level": 2}, "sender": {"locationId": "9"}, "other": {"id": 3}}'
    assert Original(original).search("").unknown == 2
    found = {field.path: is_known(field) for field in all_fields(original)}
    assert [path for path, known in found.items() if not known] == ["carrierService.level", "other.id"]


@pytest.mark.parametrize(("typed", "found"), [("bjørn", 1), ("BJORN", 1), ("bjoern", 1), ("café", 1), ("Cafe", 1), ("sofa", 0)])
def test_accents_and_case_do_not_matter_to_what_is_searched(typed: str, found: int) -> None:
    original = '{"pickup": {"name": "Bjørn"}, "delivery": {"name": "CAFÉ"}}'.encode()
    assert Original(original).search(typed).number == found


def test_the_model_keeps_the_rules_of_models() -> None:
    model = TreeModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_branches(grown(all_fields(ORIGINAL)))
    model.show_branches(grown(()))
    assert tester.model() is model


def test_whoever_comes_by_key_sees_where_they_are_and_copies_at_once(tree: FieldsTree) -> None:
    tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
    tree.say(Original(b'{"orderId": 7}').search(""))
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "7"


def test_value_and_path_are_copied_by_their_keys(tree: FieldsTree) -> None:
    go_to(tree, "parcels[0].meta.a.b")
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "x"
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.clipboard().text() == "parcels[0].meta.a.b"


def test_of_an_object_all_that_is_in_it_is_copied(tree: FieldsTree) -> None:
    go_to(tree, "parcels[0]")
    tree.copy_value()
    assert QGuiApplication.clipboard().text() == "name: Sofa\nmeta.a.b: x"


def test_a_new_original_keeps_what_was_closed_and_chosen(tree: FieldsTree) -> None:
    go_to(tree, "parcels[1].name")
    tree.collapse(tree.fields.found("parcels[0]"))
    tree.say(Original(ORIGINAL.replace(b"Chair", b"Stool")).search(""))
    assert ("name", "Sofa") not in lines(tree)
    assert tree.currentIndex().siblingAtColumn(1).data() == "Stool"


def test_an_original_deeper_than_anybody_can_look_is_shown_to_the_end() -> None:
    deep = 200
    fields = all_fields(b'{"a":' * deep + b"1" + b"}" * deep)
    branches = grown(fields)
    assert len(branches) == DEEPEST + 1
    assert branches[-1].path == ".".join("a" * deep)
    assert branches[-1].value == "1"


@pytest.mark.parametrize("original", [b'"only"', b"[]", b"null"])
def test_an_original_that_is_no_object_is_one_line(original: bytes) -> None:
    assert [branch.name for branch in grown(all_fields(original))] == ["", "–"]


def numbers(many: int) -> bytes:
    return json.dumps({"before": 1, "numbers": list(range(many)), "after": 2}).encode()


@pytest.mark.parametrize("many", [GROUP + 1, GROUP * GROUP + 1])
def test_a_long_list_stands_in_groups_and_none_is_longer_than_can_be_laid_out(many: int) -> None:
    model = TreeModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    branches = Original(numbers(many)).search("").branches
    model.show_branches(branches)
    assert max(len(branch.below) for branch in branches) <= GROUP
    last = model.found(f"numbers[{many - 1}]")
    assert last.siblingAtColumn(1).data() == str(many - 1)
    assert last.parent().data().endswith(f" … [{many - 1}]")
    assert model.found("numbers").data() == "numbers", "the list itself, not its first group"
    assert tester.model() is model


def test_of_very_many_fields_as_many_are_opened_as_can_be_looked_at(tree: FieldsTree) -> None:
    tree.say(Original(numbers(20 * OPENED)).search(""))
    shown = lines(tree)
    assert len(shown) <= OPENED + GROUP
    assert ("after", "2") in shown


def test_a_list_in_groups_is_copied_as_the_list_it_is(tree: FieldsTree) -> None:
    tree.say(Original(numbers(GROUP + 1)).search(""))
    go_to(tree, "numbers")
    tree.copy_value()
    assert QGuiApplication.clipboard().text() == "\n".join(f"[{place}]: {place}" for place in range(GROUP + 1))


def test_a_search_shows_what_it_found_also_in_what_was_closed_and_leaves_that_closed(tree: FieldsTree) -> None:
    tree.collapse(tree.fields.found("parcels"))
    tree.say(Original(ORIGINAL).search("sofa"))
    assert lines(tree) == [("parcels", "1 inside"), ("[0]", "1 inside"), ("name", "Sofa")]
    tree.say(Original(ORIGINAL).search(""))
    assert [name for name, _ in lines(tree)] == ["orderId", "parcels", "empty"]


def test_what_is_chosen_in_a_closed_branch_does_not_open_it(tree: FieldsTree) -> None:
    go_to(tree, "parcels[0].name")
    tree.collapse(tree.fields.found("parcels"))
    tree.say(Original(ORIGINAL.replace(b"Chair", b"Stool")).search(""))
    assert [name for name, _ in lines(tree)] == ["orderId", "parcels", "empty"]
