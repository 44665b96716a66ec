"""Pictures for the tour: a signed consignment note and a damaged pallet, drawn, because no real paper may be in a program."""

import random
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen

_PAPER = QColor("#f7f4ec")
_INK = QColor("#1f2733")
_PEN = QColor("#1c3fa8")


def consignment_note(order: int, receiver: str, signee: str, at: datetime) -> QImage:
    """An A4 page as a phone sees it, with a signature that is different for each order."""
    image = QImage(1240, 1754, QImage.Format.Format_RGB32)
    image.fill(_PAPER)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_INK, 3))
    _text(painter, QRectF(90, 90, 1060, 80), "CONSIGNMENT NOTE", 44, bold=True)
    for place, (label, value) in enumerate(
        (("Order", str(order)), ("Consignee", receiver), ("Received", f"{at:%d.%m.%Y %H:%M}"), ("Name in capitals", signee.upper()))
    ):
        top = 240 + place * 150
        painter.drawRect(QRectF(90, top, 1060, 150))
        _text(painter, QRectF(110, top + 12, 1000, 40), label, 22)
        _text(painter, QRectF(110, top + 60, 1000, 70), value, 34, bold=True)
    _text(painter, QRectF(110, 900, 1000, 40), "Signature", 22)
    painter.drawRect(QRectF(90, 880, 1060, 360))
    _bars(painter, QRectF(640, 95, 510, 90), order)
    _sign(painter, order)
    painter.end()
    return image


def damaged_pallet() -> QImage:
    """Boxes on a pallet, one of them torn."""
    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor("#8d9299"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 820, 1600, 380), QColor("#6d7177"))
    painter.setPen(QPen(QColor("#5a4426"), 5))
    for row in range(3):
        for column in range(4):
            painter.setBrush(QColor("#c49a62") if (row + column) % 2 else QColor("#b98d54"))
            painter.drawRect(QRectF(260 + column * 270, 240 + row * 200, 262, 192))
    tear = QPainterPath(QPointF(800, 440))
    for step, offset in enumerate((60, -40, 80, -20, 50, -60)):
        tear.lineTo(820 + step * 40, 500 + offset)
    tear.lineTo(1010, 440)
    tear.closeSubpath()
    painter.setBrush(QColor("#2b2118"))
    painter.drawPath(tear)
    painter.setBrush(QColor("#7a5b33"))
    painter.drawRect(QRectF(240, 845, 1130, 60))
    painter.end()
    return image


def _text(painter: QPainter, area: QRectF, text: str, size: int, *, bold: bool = False) -> None:
    font = QFont(painter.font())
    font.setPixelSize(size)
    font.setBold(bold)
    painter.setFont(font)
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _bars(painter: QPainter, area: QRectF, seed: int) -> None:
    rng = random.Random(seed)
    left = area.left()
    while left < area.right() - 12:
        width = rng.choice((3, 3, 6, 9))
        painter.fillRect(QRectF(left, area.top(), width, area.height()), _INK)
        left += width + rng.choice((3, 6, 9))


def _sign(painter: QPainter, seed: int) -> None:
    rng = random.Random(seed)
    path = QPainterPath(QPointF(180, 1090))
    for step in range(9):
        left = 180 + step * 85
        path.cubicTo(left + 20, 1000 - rng.randint(0, 90), left + 50, 1120 + rng.randint(0, 70), left + 85, 1060 + rng.randint(-30, 30))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_PEN, 7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPath(path)
