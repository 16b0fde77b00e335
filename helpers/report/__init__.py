"""Report: from a folder of articles to a page and its tables."""

from helpers.report.collect import Analysis, analyse
from helpers.report.files import save_report

__all__ = [
    "Analysis",
    "analyse",
    "save_report",
]
