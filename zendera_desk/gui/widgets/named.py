"""A control with its two names: the one that tests and style know, and the one that assistive tools say."""

from typing import TypeVar

from PySide6.QtWidgets import QWidget

_Widget = TypeVar("_Widget", bound=QWidget)


def named(widget: _Widget, object_name: str, accessible_name: str = "", *, role: str = "") -> _Widget:
    """`object_name` is the English name in lowerCamelCase; `accessible_name` the same in the person's language; `role` its look."""
    widget.setObjectName(object_name)
    if accessible_name:
        widget.setAccessibleName(accessible_name)
    if role:
        widget.setProperty("role", role)
    return widget
