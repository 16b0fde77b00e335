"""Coding: from statements to stance and threat frames."""

from helpers.coding.frames import code_frames, frames_wide
from helpers.coding.stance import coarse_targets, code_stance, stance_by_target, stance_edges

__all__ = [
    "coarse_targets",
    "code_frames",
    "code_stance",
    "frames_wide",
    "stance_by_target",
    "stance_edges",
]
