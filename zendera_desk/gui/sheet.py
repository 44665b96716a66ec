"""The style sheet, made from the tokens: one text for a scheme, set once on the application.

A widget says its part by the property `role` (see `style.set_role`). Rows of tables have no rule here on purpose: a sheet
that styles items makes Qt paint every cell the slow way; their colours come from the palette and from delegates.

The first rules are for safety. Qt guesses whether a text is rich and then loads what it names: `<img src=file:…>` in a consignee's
name, a tool tip, a message. Each widget is polished once, before it is laid out, and for tool tips even before they get their text;
so here, in one place, the guess is turned off for labels of every origin, also those that Qt makes itself (tool tips of models, rows
of forms, message boxes), and text fields stop taking rich text from the clipboard. A button learns that Enter presses it as Space
does: by itself Qt teaches that only to those in dialogs. A style in Python could do the same; it would be handed every widget of
Qt's own making, and PySide loads all the classes it has to name one: 20 ms of a start, and 3 MB.
"""

from functools import cache
from string import Template

from zendera_desk.gui.tokens import BODY, RADIUS, ROW, SMALL, TITLE, Scheme, Tone
from zendera_desk.resources import resource


@cache
def sheet(scheme: Scheme) -> str:
    """The whole sheet. Unknown names raise KeyError, so a token cannot be misspelt."""
    values: dict[str, object] = {
        name: getattr(scheme, name) for name in scheme.__dataclass_fields__ if name not in {"foreground", "background", "name"}
    }
    for tone in Tone:
        values[f"{tone.value}_fg"] = scheme.foreground[tone]
        values[f"{tone.value}_bg"] = scheme.background[tone]
    for drawing in ("down", "up", "right", "close", "check", "dash", "dot", "down-off", "up-off", "check-off"):
        path = resource("style", f"{drawing}-{scheme.name}.svg").as_posix()
        values["svg_" + drawing.replace("-", "_")] = f'url("{path}")'
    values |= {"radius": RADIUS, "control": ROW - 2, "field": ROW - 4, "body": BODY, "small": SMALL, "title": TITLE}
    return Template(_GROUND + _BUTTONS + _FIELDS + _BOXES + _TABLES + _FRAME + _BARS).substitute(values)


_GROUND = """
QWidget { color: $text; }
QWidget:disabled { color: $disabled; }
QMainWindow, QDialog { background: $surface; }
*[role="surface"] { background: $surface; }
*[role="raised"] { background: $raised; }
*[role="sunken"] { background: $sunken; }
QLabel { background: transparent; qproperty-textFormat: PlainText; }
QTextEdit { qproperty-acceptRichText: false; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: ${small}px; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[tone="neutral"] { color: $neutral_fg; }
QLabel[tone="info"] { color: $info_fg; }
QLabel[tone="good"] { color: $good_fg; }
QLabel[tone="warn"] { color: $warn_fg; }
QLabel[tone="bad"] { color: $bad_fg; }
QLabel[tone="accent"] { color: $accent_fg; }
QFrame[role="card"] { background: $raised; border-radius: ${radius}px; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="notice"] { border-radius: ${radius}px; background: $neutral_bg; }
QFrame[role="notice"][tone="info"] { background: $info_bg; }
QFrame[role="notice"][tone="good"] { background: $good_bg; }
QFrame[role="notice"][tone="warn"] { background: $warn_bg; }
QFrame[role="notice"][tone="bad"] { background: $bad_bg; }
QFrame[role="notice"][tone="accent"] { background: $accent_bg; }
QFrame[role="toast"] { background: $raised; border: 1px solid $edge; border-radius: ${radius}px; }
QFrame[role="popup"] { background: $raised; border: 1px solid $edge; border-radius: ${radius}px; }
QToolTip { qproperty-textFormat: PlainText; background: $raised; color: $text; border: 1px solid $edge; padding: 3px 6px; }
"""

_BUTTONS = """
QPushButton, QToolButton {
    background: $raised; color: $text; border: 1px solid $edge; border-radius: ${radius}px;
    min-height: ${field}px; padding: 0 12px;
}
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; padding: 0 11px; min-height: ${field}px; margin: -1px 0; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; border-color: $line; background: transparent; }
QPushButton { icon-size: 16px; qproperty-autoDefault: true; }
QToolBar[toolButtonStyle="2"] { icon-size: 20px 16px; }
QPushButton[role="primary"], QToolButton[role="primary"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $sunken; color: $disabled; border-color: $line; }
QPushButton[role="danger"] { color: $bad_fg; border-color: $bad_fg; }
QPushButton[role="danger"]:hover { background: $bad_bg; }
QPushButton[role="danger"]:disabled { color: $disabled; border-color: $line; }
QPushButton[role="quiet"], QToolButton[role="quiet"], QToolBar QToolButton {
    background: transparent; border: 1px solid transparent; padding: 0 8px;
}
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover, QToolBar QToolButton:hover { background: $pressed; }
QPushButton[role="quiet"]:pressed, QToolButton[role="quiet"]:pressed, QToolBar QToolButton:pressed { background: $line; }
QPushButton[role="quiet"]:checked, QToolButton[role="quiet"]:checked, QToolBar QToolButton:checked { background: $selection; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus, QToolBar QToolButton:focus {
    border: 2px solid $focus; padding: 0 7px;
}
QPushButton[role="chip"], QToolButton[role="chip"] {
    background: transparent; color: $muted; border: 1px solid transparent; padding: 0 10px;
}
QPushButton[role="chip"]:hover, QToolButton[role="chip"]:hover { background: $pressed; color: $text; }
QPushButton[role="chip"]:checked, QToolButton[role="chip"]:checked { background: $selection; color: $text; font-weight: 600; }
QPushButton[role="chip"]:focus, QToolButton[role="chip"]:focus { border: 2px solid $focus; padding: 0 9px; }
QPushButton[role="chip"]:disabled { color: $disabled; }
QToolButton[popupMode="2"]::menu-indicator, QPushButton::menu-indicator {
    image: $svg_down; width: 12px; subcontrol-position: right center; right: 4px;
}
QToolButton[popupMode="2"], QToolBar QToolButton[popupMode="2"] { padding-right: 20px; }
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
    background: $raised; color: $text; border: 1px solid $edge; border-radius: ${radius}px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QComboBox, QAbstractSpinBox { min-height: ${field}px; padding: 0 7px; }
QPlainTextEdit, QTextEdit { padding: 3px 4px; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus { border: 2px solid $focus; padding: 0 6px; margin: -1px 0; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; padding: 2px 3px; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled, QPlainTextEdit:disabled {
    background: $surface; color: $disabled; border-color: $line;
}
QLineEdit:read-only, QPlainTextEdit:read-only { background: $surface; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border-color: $bad_fg; }
QLineEdit[role="quiet"] { background: transparent; border-color: transparent; }
QComboBox QLineEdit, QAbstractSpinBox QLineEdit { border: none; margin: 0; padding: 0; min-height: 0; background: transparent; }
QAbstractSpinBox { padding: 0 2px; }
QAbstractSpinBox:focus { padding: 0 1px; }
QAbstractSpinBox QLineEdit { padding: 0 5px; }
QComboBox::drop-down { border: none; width: 22px; subcontrol-position: right center; }
QComboBox::down-arrow { image: $svg_down; width: 14px; height: 14px; }
QComboBox::down-arrow:disabled { image: $svg_down_off; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $edge; padding: 3px; outline: none;
    selection-background-color: $selection; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: ${field}px; padding: 0 6px; border-radius: 3px; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover { background: $selection; color: $text; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; background: transparent; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: $svg_up; width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: $svg_down; width: 12px; height: 12px; }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off { image: $svg_up_off; }
QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off { image: $svg_down_off; }
"""

_BOXES = """
QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; border: 2px solid transparent; border-radius: ${radius}px; padding: 0 2px; }
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QAbstractItemView::indicator {
    width: 14px; height: 14px; border: 1px solid $edge; background: $raised; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $focus; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: $accent; border-color: $accent; image: $svg_check;
}
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: $svg_dash; }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: $svg_dot; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $surface; border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $sunken; border-color: $line; image: $svg_check_off; }
QGroupBox { border: none; margin-top: 20px; padding: 0; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $muted; }
QProgressBar { background: $sunken; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; color: transparent; }
QProgressBar::chunk { background: $focus; border-radius: 2px; }
QSlider::groove:horizontal { height: 4px; background: $sunken; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $accent; }
"""

_TABLES = """
QAbstractItemView { background: $raised; border: none; outline: none; selection-background-color: $selection; selection-color: $text; }
QHeaderView { background: $raised; border: none; }
QHeaderView::section {
    background: $raised; color: $muted; border: none; border-bottom: 1px solid $line; padding: 0 8px; font-size: ${small}px;
}
QHeaderView::section:hover { color: $text; background: $hover; }
QHeaderView::section:pressed { background: $pressed; }
QHeaderView::up-arrow { image: $svg_up; width: 12px; height: 12px; subcontrol-position: right center; right: 4px; }
QHeaderView::down-arrow { image: $svg_down; width: 12px; height: 12px; subcontrol-position: right center; right: 4px; }
QTableCornerButton::section { background: $raised; border: none; border-bottom: 1px solid $line; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: $svg_right; }
QTreeView::branch:has-children:open { image: $svg_down; }
"""

_FRAME = """
QTabWidget::pane { border: none; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; border: 2px solid transparent; border-bottom: 2px solid transparent;
    padding: 0 10px; min-height: ${field}px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus:selected { border: 2px solid $focus; border-radius: ${radius}px; }
QTabBar::tab:disabled { color: $disabled; }
QDockWidget { color: $muted; titlebar-close-icon: $svg_close; font-size: ${small}px; }
QDockWidget::title { background: $surface; padding: 5px 8px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { border: none; border-radius: 3px; background: transparent; padding: 1px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $pressed; }
QMainWindow::separator { background: $surface; width: 5px; height: 5px; }
QMainWindow::separator:hover { background: $focus; }
QSplitter::handle { background: $surface; }
QSplitter::handle:horizontal { width: 5px; }
QSplitter::handle:vertical { height: 5px; }
QSplitter::handle:hover { background: $focus; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QToolBar { background: $surface; border: none; spacing: 4px; padding: 4px; }
QToolBar::separator { background: $line; width: 1px; margin: 5px 4px; }
QStatusBar { background: $surface; }
QStatusBar::item { border: none; }
QStackedWidget, QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
"""

_BARS = """
QMenuBar { background: $surface; padding: 2px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $pressed; }
QMenu { background: $raised; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 10px; border-radius: 4px; min-height: 18px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenu::indicator:checked { background: $accent; border-radius: 4px; image: $svg_check; }
QMenu::right-arrow { image: $svg_right; width: 12px; height: 12px; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 3px; border: none; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 2px 2px 3px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px 2px 2px 2px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
