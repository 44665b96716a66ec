"""Plain pixels, as the core hands them out, to what Qt paints. The window decodes nothing itself."""

from PySide6.QtGui import QImage

from zendera_desk.pictures import Pixels


def image_of(pixels: Pixels) -> QImage:
    """A copy, since Qt's image would only borrow the bytes; and the one that it paints with, so that no pixmap makes another."""
    borrowed = QImage(pixels.rgb, pixels.width, pixels.height, 3 * pixels.width, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)
