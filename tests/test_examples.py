"""The examples in the docstrings run and give what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest

from helpers.paths import ROOT

PATHS = [path for room in ("helpers", "data", "notebooks/building") for path in sorted((ROOT / room).rglob("*.py"))]
MODULES = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in PATHS]
WITH_EXAMPLES = [name for name, path in zip(MODULES, PATHS, strict=True) if ">>>" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_run(name: str) -> None:
    module = importlib.import_module(name)
    assert not doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed


def test_there_are_examples() -> None:
    assert len(WITH_EXAMPLES) > 50
