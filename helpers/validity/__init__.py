"""Validity: how far codes agree, how sure a figure is, and sheets for coding by hand."""

from helpers.validity.agreement import agreement, match_spans, score_spans
from helpers.validity.comparisons import differences, shares
from helpers.validity.intervals import bootstrap, corrected_share
from helpers.validity.sheets import coding_sheet, read_sheet
