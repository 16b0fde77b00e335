"""README and report say of errors what was measured, and show what the lessons show."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.readme_figure import FIGURE, shown

README = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
PAGE = " ".join((ROOT / "helpers" / "report" / "report.html").read_text(encoding="utf-8").split())
MEASURED = (ROOT / "tests" / "benchmarks.md").read_text(encoding="utf-8")

# What is said (of ten), and where it was measured: block of the page, then a row whose number counts.
SAID = {
    "news, listed that are statements": (9, "attribution", r"polnear-dev, speech.*?\n  statement +P +([\d.]+)"),
    "news, with the right source": (8, "attribution", r"polnear-dev, speech.*?\n  statement \+ source +P +([\d.]+)"),
    "news, found": (9, "attribution", r"polnear-dev, speech.*?\n  statement +P +[\d.]+ +R +([\d.]+)"),
    "other news, right": (9, "attribution", r"wikinews-train, speech.*?\n  statement +P +([\d.]+)"),
    "other news, found": (8, "attribution", r"wikinews-train, speech.*?\n  statement +P +[\d.]+ +R +([\d.]+)"),
    "speeches, targets": (9, "gold", r"UN dev: rules +target ([\d.]+)"),
    "speeches, target and sign": (20 / 3, "gold", r"UN dev: rules +target [\d.]+ polarity [\d.]+ stance ([\d.]+)"),
    "constructed news, targets": (7, "gold", r"teaching corpus: rules +target ([\d.]+)"),
    "constructed news, target and sign": (
        4,
        "gold",
        r"teaching corpus: rules +target [\d.]+ polarity [\d.]+ stance ([\d.]+)",
    ),
    "news, who that is": (9, "speakers", r"found statements.*?speaker loosely: +([\d.]+)"),
    "speeches, target and sign, fitted": (7.5, "stance", r"UN extra: coder in five folds.*? stance ([\d.]+)"),
    "speeches, threat": (8, "frames", r"rules +extra +\d+ +([\d.]+)"),
    "speeches, dangers": (7, "frames", r"rules +extra +\d+(?: +[\d.]+){3} +([\d.]+)"),
    "speeches, what is demanded": (6, "frames", r"rules +extra +\d+(?: +[\d.]+){6} +([\d.]+)"),
    "speeches, blame": (2.5, "frames", r"rules +extra +\d+(?: +[\d.]+){7} +([\d.]+)"),
    "speeches, threat, fitted": (8.6, "frames", r"fitted coder, 5 folds of documents extra +\d+ +([\d.]+)"),
    "speeches, dangers, fitted": (
        8,
        "frames",
        r"fitted coder, 5 folds of documents extra +\d+(?: +[\d.]+){3} +([\d.]+)",
    ),
    "speeches, blame, fitted": (5, "frames", r"fitted coder, 5 folds of documents extra +\d+(?: +[\d.]+){7} +([\d.]+)"),
    "speeches, target and sign, encoder": (7.8, "stance", r"UN extra: with the encoder +target .*? stance ([\d.]+)"),
    "speeches, threat, encoder": (8.8, "frames", r"with the encoder, 5 folds +extra +\d+ +([\d.]+)"),
    "speeches, dangers, encoder": (8, "frames", r"with the encoder, 5 folds +extra +\d+(?: +[\d.]+){3} +([\d.]+)"),
    "speeches, referents, encoder": (7.5, "frames", r"with the encoder, 5 folds +extra +\d+(?: +[\d.]+){5} +([\d.]+)"),
    "speeches, blame, encoder": (5.5, "frames", r"with the encoder, 5 folds +extra +\d+(?: +[\d.]+){7} +([\d.]+)"),
    "other news, dangers, encoder": (7, "frames", r"with the encoder, 5 folds +wikinews +\d+(?: +[\d.]+){3} +([\d.]+)"),
    "other news, kinds, encoder": (7, "frames", r"with the encoder, 5 folds +wikinews +\d+(?: +[\d.]+){4} +([\d.]+)"),
    "other news, dangers": (3, "frames", r"rules +wikinews +\d+(?: +[\d.]+){3} +([\d.]+)"),
}


@pytest.mark.parametrize("what", SAID)
def test_errors_in_plain_words_follow_the_measures(what: str) -> None:
    """A measure that moved by more than a tenth from what README and report say must be told anew there."""
    tenths, block, row = SAID[what]
    measures = re.search(rf"^## {block}\n.*?(?=^## |\Z)", MEASURED, re.MULTILINE | re.DOTALL)
    found = float(re.search(row, measures.group(), re.DOTALL).group(1))
    assert abs((found / 10 if found > 1 else found * 10) - tenths) <= 1, (what, found)


@pytest.mark.parametrize("text", [README, PAGE], ids=["README", "report"])
def test_both_say_the_same_tenths(text: str) -> None:
    assert re.search(r"9 are statements, and 8 have the right source", text)
    assert re.search(r"7 of 10, and 4 of 10", text)
    assert re.search(r"3 of 10 threats that readers find", text)


def test_the_threats_found_in_constructed_news_are_those_measured() -> None:
    line = re.search(r"Threats: (\d+) in the gold; .*?rules (\d+) (\d+);.* with the encoder (\d+) (\d+)", MEASURED)
    there, listed, by_rules, also, with_encoder = map(int, line.groups())
    assert (round(10 * by_rules / there), round(10 * with_encoder / there)) == (3, 4)
    assert all(0.4 < 1 - right / found < 0.5 for right, found in ((by_rules, listed), (with_encoder, also)))
    assert (
        "find 3 of 10 threats that readers find, the coder with the language model 4, and nearly half of what either names is false"
        in README
    )


def test_the_stances_against_the_talks_are_those_measured() -> None:
    line = re.search(
        r"Against the talks: (\d+) in the gold; right: rules (\d+); fitted coder (\d+); with the encoder 0", MEASURED
    )
    assert (
        f"of {line[1]} statements against the peace talks the rules read {line[2]} as against, the fitted coder {line[3]}"
        in README
    )


def test_the_figure_is_the_one_of_the_lesson() -> None:
    assert FIGURE.read_bytes() == shown(), "lesson 06 changed its figure: python -m tests.readme_figure"
    assert re.search(r"!\[[^\]]{60,}\]\(figure\.png\)", README)


def test_every_lesson_and_every_way_to_install_is_named() -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"(notebooks/{path.name})" in README
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link
    for way in ("run.py", "uv", "pip", "conda", "Binder", "dev container", "lowest versions allowed"):
        assert f"| {way} |" in README
