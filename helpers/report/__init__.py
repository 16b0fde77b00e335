"""Report: from a folder of articles to a page and its tables, and back from sheets coded by hand."""

from helpers.report.by_hand import validate
from helpers.report.collect import Analysis, analyse
from helpers.report.files import load_report, save_report
