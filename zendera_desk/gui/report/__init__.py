"""The report of one stop: the form, its pictures, its draft on disk."""

from zendera_desk.gui.report.panel import ReportPanel

__all__ = ["ReportPanel"]
