"""Plain pixels, as the core hands them out, to what Qt paints. The window decodes nothing itself."""

from PySide6.QtGui import QImage

from zendera_desk.pictures import Pixels


def image_of(pixels: Pixels) -> QImage:
    """A copy: Qt's image would only borrow the bytes."""
    return QImage(pixels.rgb, pixels.width, pixels.height, 3 * pixels.width, QImage.Format.Format_RGB888).copy()
