"""Coding: from statements to stance and threat frames."""

from helpers.coding.frames import code_frames, frames_wide
from helpers.coding.reader import Reader, load_reader
from helpers.coding.stance import coarse_targets, code_stance, stance_by_target, stance_edges
from helpers.coding.variables import Coder, fit_coder, load_coder
