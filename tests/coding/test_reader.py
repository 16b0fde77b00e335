"""The reader: text in, rows out, and what it does with a codebook of one's own, a damaged file and odd input."""

from __future__ import annotations

import dataclasses
import json
import pickle
import re
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import code_frames, code_stance, fit_coder, frames_wide, load_codebook, load_coder, load_reader
from helpers.codebook.load import added_names
from helpers.coding import reader as reader_module
from helpers.coding import reading
from helpers.coding.frames import decide_frames
from helpers.coding.reader import LONGEST, SHIPPED, Told, cut, is_function_word, read_statements
from helpers.coding.reading import Code, Word, read
from helpers.coding.stance import attitude_at
from helpers.paths import CODEBOOKS
from tests.benchmarks.coding import contrasts, predicted, score, teaching

if TYPE_CHECKING:
    from pathlib import Path


def said(*contents: str | None, **columns: object) -> pd.DataFrame:
    ids = [f"s{at}" for at in range(len(contents))]
    return pd.DataFrame({"statement_id": ids, "content": list(contents), "kind": "indirect", **columns})


def values(frames: pd.DataFrame, slot: str) -> list[str]:
    return frames.loc[frames["slot"] == slot, "value"].tolist()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A codebook that adds names, all of them State names that the reader knows under another id."""
    folder = tmp_path_factory.mktemp("codebook")
    (folder / "threat.toml").write_text(
        '[agents.russia]\npatterns = ["Russia*"]\n[referents.moldova]\npatterns = ["Moldova*"]\n', encoding="utf-8"
    )
    (folder / "stance.toml").write_text('[targets.moldova]\npatterns = ["Moldova*"]\n', encoding="utf-8")
    return folder


def test_a_name_that_is_added_is_read_at_once(own: Path) -> None:
    book = load_codebook(own)
    frames = code_frames(said("Russia threatens Moldova"), codebook=book)
    assert (values(frames, "agents"), values(frames, "referents")) == (["russia"], ["moldova"])
    stance = code_stance(said("Russia threatens Moldova"), codebook=book)
    toward = dict(zip(stance["target"], stance["polarity"], strict=True))
    assert toward["moldova"] >= 0, "being endangered is not an attitude"


def test_an_added_name_without_a_role_is_not_coded(own: Path) -> None:
    frames = code_frames(said("Moldova and Russia will hold talks on trade in May"), codebook=load_codebook(own))
    assert values(frames, "agents") == values(frames, "referents") == []


def test_an_added_kind_of_harm_or_measure_is_found_by_its_patterns(tmp_path: Path) -> None:
    text = '[types.floods]\npatterns = ["flood*"]\n[measures.convoys]\npatterns = ["convoy*"]\n'
    (tmp_path / "threat.toml").write_text(text, encoding="utf-8")
    book = load_codebook(tmp_path)
    frames = code_frames(
        said("Floods threaten the port of Karachi", "Convoys of trucks will sail on Monday"), codebook=book
    )
    ours = frames[frames["value"].isin(["floods", "convoys"])]
    assert ours[["statement_id", "value", "text"]].values.tolist() == [
        ["s0", "floods", "Floods"],
        ["s1", "convoys", "Convoys"],
    ]


def test_an_alias_in_actors_csv_is_a_name_too(tmp_path: Path) -> None:
    (tmp_path / "actors.csv").write_text(
        "actor_id,alias,type,country,start,end\nriver_guard,River Guard,armed_group,,,\n", encoding="utf-8"
    )
    book = load_codebook(tmp_path)
    frames = code_frames(said("The River Guard killed twelve villagers in a bomb attack"), codebook=book)
    assert values(frames, "agents") == ["river_guard"]
    stance = code_stance(said("We condemn the barbaric River Guard"), codebook=book)
    assert stance[["target", "polarity"]].values.tolist() == [["river_guard", -1]]


def test_a_folder_without_new_names_adds_nothing(tmp_path: Path) -> None:
    shutil.copy(CODEBOOKS / "threat.toml", tmp_path / "threat.toml")
    (tmp_path / "cues.toml").write_text('[verbs.opine]\nforms = ["opines"]\n', encoding="utf-8")
    assert added_names(load_codebook(tmp_path)).patterns == ()


def test_a_verdict_in_the_cue_counts() -> None:
    rows = code_stance(said("the attack by the Taliban on a school in Kabul", cue="condemned", speaker="the ministry"))
    assert dict(zip(rows["target"], rows["polarity"], strict=True))["taliban"] == -1
    told = code_stance(said("the attack by the Taliban on a school in Kabul", cue="described", speaker="the ministry"))
    assert dict(zip(told["target"], told["polarity"], strict=True))["taliban"] == 0


def tell(statements: pd.DataFrame) -> list[Told]:
    return [one.told for one in read_statements(statements)]


def test_what_a_statement_is_told_comes_from_the_columns_that_are_there() -> None:
    full = said("x", speaker="he", speaker_name="Minister Noor", speaker_country="AFG", cue="said")
    assert tell(full) == [Told(reported=True, who="Minister Noor", country="AFG", cue="said")]
    bare = pd.DataFrame({"statement_id": ["a"], "content": ["x"]})
    assert tell(bare) == [Told(reported=True)]
    assert tell(bare.assign(speaker_country="NOR")) == [Told(reported=False, country="NOR")]
    assert tell(bare.assign(kind="speech", cue=None)) == [Told(reported=False)]


def test_the_speakers_own_state_is_no_target() -> None:
    words = "Pakistan is grateful to Norway for its help"
    assert "pakistan" not in set(code_stance(said(words, speaker_country="PAK"))["target"])


@pytest.mark.parametrize(
    ("content", "tagged", "roles"),
    [
        pytest.param("the army of Iraq, the police", range(1, 7), ["army of Iraq", "police"], id="a comma ends a role"),
        pytest.param("of the U.S. for", range(4), ["U.S."], id="no function words at the edges, all points of a name"),
        pytest.param("the A.U.'s call", range(1, 2), ["A.U."], id="a possessive is no part of a name"),
        pytest.param("by Shi'ite men", range(1, 3), ["Shi'ite men"], id="an apostrophe inside a name"),
        pytest.param("they've landed", range(4), ["landed"], id="what follows the apostrophe of a verb is no name"),
        pytest.param("anti-terror unit -", range(5), ["anti-terror unit"], id="hyphens stand inside, not at the end"),
        pytest.param("who was it", range(3), [], id="function words alone are no role"),
    ],
)
def test_where_a_role_begins_and_ends(content: str, tagged: range, roles: list[str]) -> None:
    places = list(dict.fromkeys(piece[1:] for piece in cut(content, load_reader().pieces)))
    tags = np.zeros((len(places), 1))
    tags[list(tagged)[: len(places)]] = 0.9
    found = reading._roles(["agents.state"], content, places, tags)
    assert [content[role.start : role.end] for role in found] == roles


def test_an_abbreviation_with_points_is_read_as_the_one_without() -> None:
    words = "{} troops killed nine villagers in a raid near Beledweyne"
    with_points, without = (read(load_reader(), words.format(name), Told(reported=True)) for name in ("A.U.", "AU"))
    assert with_points.says.tolist() == without.says.tolist()
    assert [role.value for role in with_points.roles] == [role.value for role in without.roles]
    united_states = code_stance(said("We condemn the raid of the U.S. and of the E.U."))
    toward = united_states.loc[united_states["target"] == "united_states", "target_text"].tolist()
    assert toward == ["U.S."], "the letters of another name are not those of the United States"


def test_the_afghan_government_after_its_fall_is_the_taliban() -> None:
    words = "We thank the Afghan government for its help"
    assert code_stance(said(words, date="2019-09-20"))["target"].tolist() == ["afghan_government"]
    assert code_stance(said(words, date="2022-09-20"))["target"].tolist() == ["taliban"]


def test_a_statement_is_read_by_itself() -> None:
    contents = ["Terrorism threatens the region.", "We thank Iraq.", "It rained in Herat all night and all day long."]
    together = code_frames(said(*contents))
    reading.read.cache_clear()
    alone = pd.concat([code_frames(said(*contents).iloc[[at]]) for at in (2, 0, 1)])
    pd.testing.assert_frame_equal(together, alone.sort_values("statement_id", kind="stable", ignore_index=True))


def test_statements_that_say_nothing_give_no_rows_of_the_same_columns() -> None:
    silent = said("", None, " , . ", cue="threatened to kill civilians")
    full, empty = code_frames(said("Terrorism threatens us.")), code_frames(silent)
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert len(code_stance(said("", None, "…"))) == 0


def test_news_and_speeches_have_their_own_thresholds() -> None:
    thresholds = load_reader().card["thresholds"]
    readings = [read(load_reader(), "Terrorism threatens us.", Told(reported=reported)) for reported in (True, False)]
    assert [one.limits for one in readings] == [thresholds["news"], thresholds["speech"]]
    assert thresholds["news"] != thresholds["speech"]


def test_a_long_statement_is_read_to_its_end() -> None:
    filler = "The committee met in the old hall and drank tea with the elders of the valley. "
    content = filler * 40 + "Terrorists of Daesh threaten to kill every villager in Kunar."
    frames = code_frames(said(content))
    assert len(content.split()) > 2 * LONGEST
    assert "islamic_state" in values(frames, "agents")
    assert all(
        content[s:e] == t
        for t, s, e in zip(*(frames.dropna()[c] for c in ("text", "content_start", "content_end")), strict=False)
    )


PIECES = [
    "Terrorism",
    "the Taliban",
    "not",
    "threatens",
    "our people",
    "because of",
    "Pakistan",
    "we must",
    "US",
    ",",
    ".",
]
PIECES += ["“", "’s", "\n", "é", "İ", "🙂", "no longer", "condemned", "the", "who", "\u00ad", "\u200b", "1979", "U.S."]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_codes_quote_the_content_and_stay_in_bounds(content: str) -> None:
    frames, stance = code_frames(said(content)), code_stance(said(content))
    for table, words in ((frames, "text"), (stance, "target_text")):
        for row in table.dropna(subset=["content_start"]).to_dict("records"):
            assert content[row["content_start"] : row["content_end"]] == row[words]
            assert not all(map(is_function_word, re.findall(r"\w+", row[words])))
    assert frames["score"].between(0, 1).all()
    assert stance["score"].between(-1, 1).all()
    wide = frames_wide(frames, said(content))
    assert ((wide["threat"] == 1) == (wide["severity"] > 0)).all()
    assert wide["threat"].item() or not (wide["agents"].item() or wide["referents"].item())


def test_every_row_names_the_reader_and_rows_repeat_exactly() -> None:
    statements = said("We condemn the Taliban for the attack on our people.")
    frames = code_frames(statements)
    assert set(frames["rule"]) == {f"reader {load_reader().name}"}
    reading.read.cache_clear()
    pd.testing.assert_frame_equal(code_frames(statements), frames)


def test_a_long_speaker_and_a_long_cue_leave_no_word_unread() -> None:
    content = "Militants threaten the valley again. " * 80
    one = read(load_reader(), content, Told(reported=True, who="the council " * 200, cue="told them again " * 300))
    words = {piece[1:] for piece in cut(content, load_reader().pieces)}
    assert set(map(tuple, one.signs[:, :2].tolist())) == words


def test_the_surest_part_of_a_long_statement_decides() -> None:
    def part(score: float, says: float, *more: Code) -> reading.Reading:
        role, words = Code("agents", "state", 0, 4, score), {"threat.1": Word(0, 4, score)}
        signs = np.array([[0, 4, 0, 1, 0]], dtype=np.float32)
        return reading.Reading(["threat.1"], np.array([says]), (role, *more), signs, words, {})

    joined = reading._joined([part(0.9, 0.3), part(0.2, 0.8, Code("agents", "state", 9, 12, 0.5))])
    assert joined.says.tolist() == [0.8]
    assert [role.score for role in joined.roles] == [0.9, 0.5]
    assert joined.words == {"threat.1": Word(0, 4, 0.9)}


def test_an_added_name_over_a_role_takes_its_place_and_no_more() -> None:
    limits = dict.fromkeys(("threat", "severity", "denial", "agents", "referents", "blame"), 0.5)
    says = {"threat.1": 0.9, "severity.2": 0.9, "severity.3": 0.1, "denial.1": 0.0, "agents.state": 0.9}
    roles, words = (Code("agents", "state", 0, 6, 0.6),), {"threat.1": Word(7, 16, 1.0)}
    one = reading.Reading(list(says), np.array(list(says.values())), roles, np.zeros((0, 5)), words, limits)

    def agents(names: list[Code]) -> list[str]:
        codes = decide_frames(one, names=names)
        return [code.value for code in codes if code.slot == "agents"]

    assert agents([]) == ["state"]
    assert agents([Code("agents", "russia", 0, 6)]) == ["russia"]
    assert agents([Code("agents", "russia", 20, 26)]) == ["state"]


def test_the_sign_of_the_evidence_is_that_of_the_stance() -> None:
    rows = code_stance(said("We condemn the Taliban and stand with the Afghan people.", speaker="the ministry"))
    signs = dict(zip(rows["target"], rows["evidence"].str.split().str[-1], strict=True))
    assert signs["taliban"].startswith("-")
    assert signs["afghan_people"].startswith("+")


def test_a_reader_goes_to_workers_by_its_path() -> None:
    assert pickle.loads(pickle.dumps(load_reader())) is load_reader()  # noqa: S301 - our own object


@pytest.mark.parametrize(
    ("word", "alone"),
    [("the", True), ("THE", True), ("US", False), ("U.S.", False), ("X", False), ("x", True), (",", True), ("a", True)],
)
def test_function_words(word: str, alone: bool) -> None:
    assert is_function_word(word) is alone


def test_marked_targets_are_read_as_they_are_named() -> None:
    content = "We condemn the Taliban."
    targets = pd.DataFrame({"statement_id": ["s0"], "target": "taliban", "start": 15, "end": 22})
    rows = code_stance(said(content, "Nobody is marked here."), targets=targets)
    assert rows[["statement_id", "target_text", "polarity"]].values.tolist() == [["s0", "Taliban", -1]]
    assert rows["rule"].item() == f"reader {load_reader().name}"


def test_for_a_marked_source_the_rules_decide_and_the_reader_leans() -> None:
    contents = ["The guild condemned the brewers.", "The guild called the brewers thieves and liars."]
    spans = {"start": [24, 21], "end": [31, 28], "source_start": [4, 4], "source_end": [9, 9]}
    targets = pd.DataFrame({"statement_id": ["s0", "s1"], "target": "x", **spans})
    rows = code_stance(said(*contents), targets=targets)
    by_rules = code_stance(said(*contents), targets=targets, coder="rules")
    assert rows["polarity"].tolist() == by_rules["polarity"].tolist() == [-1, 0]
    assert rows["score"].tolist()[0] == by_rules["score"].tolist()[0]
    assert -0.35 < rows["score"].tolist()[1] < by_rules["score"].tolist()[1]


def test_a_marked_sentence_is_read_in_three_ways_and_the_mean_counts() -> None:
    content, span = "The guild asked the brewers for patience.", (20, 27)
    marks = {"start": [20], "end": [27], "source_start": [4], "source_end": [9]}
    rows = code_stance(said(content), targets=pd.DataFrame({"statement_id": ["s0"], "target": "x", **marks}))
    ways = (Told(reported=True, who="guild"), Told(reported=True), Told(reported=False))
    each = [attitude_at(read(load_reader(), content, told), "x", *span).score for told in ways]
    assert rows["score"].item() == pytest.approx(sum(each) / 6)
    assert max(each) - min(each) > 0.2, "the ways differ here"


@pytest.mark.parametrize("coder", ["readers", None, 3])
def test_a_coder_that_is_none_is_named(coder: object) -> None:
    with pytest.raises(ValueError, match="give 'reader', 'rules'"):
        code_frames(said("x"), coder=coder)
    with pytest.raises(ValueError, match="give 'reader', 'rules'"):
        code_stance(said("x"), coder=coder)


def test_files_that_are_no_reader_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match=r"absent\.onnx"):
        load_reader(tmp_path / "absent.onnx")
    (tmp_path / "text.onnx").write_text("no model", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a reader"):
        load_reader(tmp_path / "text.onnx")
    (tmp_path / "half.onnx").write_bytes(SHIPPED.read_bytes()[:2_000_000])
    with pytest.raises(ValueError, match=r"half\.onnx.*is not a reader"):
        load_reader(tmp_path / "half.onnx")
    changed = tmp_path / "reader.onnx"
    changed.write_bytes(SHIPPED.read_bytes()[:-1] + b"x")
    shutil.copy(SHIPPED.with_suffix(".json"), tmp_path / "reader.json")
    monkeypatch.setattr(reader_module, "SHIPPED", changed)
    with pytest.raises(ValueError, match="not the file that its card names"):
        load_reader()


def test_numbers_that_are_no_probabilities_are_refused() -> None:
    class Broken:
        def run(self, names: list[str], given: dict[str, np.ndarray]) -> list[np.ndarray]:
            return [np.full(array.shape, np.nan) for array in load_reader().session.run(names, given)]

    whole = load_reader()
    broken = reader_module.Reader(whole.card, Broken(), whole.pieces, whole.path, whole.digest)
    with pytest.raises(ValueError, match=r"reader\.onnx.*no probabilities"):
        read(broken, "Terrorism threatens us.", Told(reported=True))


def test_the_card_says_what_the_reader_is() -> None:
    card = json.loads(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"))
    assert {"name", "base", "use", "caution", "data", "licence", "scores", "reliability", "sha256"} <= card.keys()


# --------------------------------------------------------------------------------- a variable of one's own


@pytest.fixture(scope="module")
def taught() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invented statements about money and about weather, coded for what they are about."""
    places = [
        "Herat",
        "Kabul",
        "Kunduz",
        "Zaranj",
        "Balkh",
        "Khost",
        "Ghazni",
        "Farah",
        "Bamyan",
        "Paktia",
        "Logar",
        "Takhar",
    ]
    money = [f"the ministry will pay the teachers of {place} their salaries in cash" for place in places]
    weather = [f"heavy snow has closed the road to {place} since Friday" for place in places]
    statements = said(*money, *weather)
    codes = pd.DataFrame({"statement_id": statements["statement_id"], "variable": "about"})
    return statements, codes.assign(value=["money"] * len(money) + ["weather"] * len(weather))


def test_a_variable_is_learned_from_hand_codes_and_kept(
    taught: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path
) -> None:
    coder = fit_coder(*taught)
    assert coder.scores["value"].tolist() == ["money", "weather"]
    assert coder.scores["n"].tolist() == [12, 12]
    assert (coder.scores["f1"] > 0.9).all()
    assert coder.curve["n"].is_monotonic_increasing
    new = said("the governor pays the guards of Nimroz in cash", "snow lies deep on the road to Nuristan")
    rows = code_frames(new, coder=coder)
    assert rows[["slot", "value", "rule"]].values.tolist() == [
        ["about", "money", "coder about"],
        ["about", "weather", "coder about"],
    ]
    assert all(text in content for text, content in zip(rows["text"], new["content"], strict=True))
    coder.save(tmp_path / "about.npz")
    again = load_coder(tmp_path / "about.npz")
    pd.testing.assert_frame_equal(code_frames(new, coder=again), rows)
    pd.testing.assert_frame_equal(again.scores, coder.scores)


def test_a_code_of_a_variable_without_content_words_has_no_words(taught: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    coder = fit_coder(*taught)
    always = dataclasses.replace(coder, weights=np.zeros_like(coder.weights))
    rows = code_frames(said("it was the", "…"), coder=always)
    assert rows["text"].isna().tolist() == [True, True]
    assert rows["score"].tolist() == [0.5, 0.5]


def test_a_sheet_of_yes_and_no_is_learned_as_it_is_read_back(taught: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    statements, codes = taught
    sheet = codes.rename(columns={"statement_id": "unit_id"}).assign(value=codes["value"].eq("money").astype(int))
    coder = fit_coder(statements, sheet)
    assert coder.scores[["value", "n"]].values.tolist() == [["1", 12]]


def test_bad_codes_and_files_of_a_variable_are_named(taught: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path) -> None:
    statements, codes = taught
    with pytest.raises(ValueError, match="too few codes of 'about'"):
        fit_coder(statements.head(15), codes.head(15))
    with pytest.raises(ValueError, match=r"too few codes of 'about': \{\}"):
        fit_coder(statements, codes.assign(value="0"))
    with pytest.raises(ValueError, match="empty values"):
        fit_coder(statements, codes.assign(value=None))
    with pytest.raises(ValueError, match="from 4 documents: give 5 or more"):
        fit_coder(statements.assign(doc_id=[f"d{at % 4}" for at in range(len(statements))]), codes)
    with pytest.raises(ValueError, match="name 2 variables"):
        fit_coder(statements, pd.concat([codes, codes.assign(variable="else")]))
    with pytest.raises(ValueError, match="not in the table, first 's23'"):
        fit_coder(statements.head(23), codes)
    with pytest.raises(ValueError, match="codes has no column 'value'"):
        fit_coder(statements, codes.drop(columns="value"))
    with pytest.raises(ValueError, match=r"\.npz"):
        fit_coder(statements, codes).save(tmp_path / "about.pkl")
    with pytest.raises(FileNotFoundError, match="no coder"):
        load_coder(tmp_path / "absent.npz")
    np.savez(tmp_path / "other.npz", a=np.zeros(2))
    coder = fit_coder(statements, codes)
    coder.save(tmp_path / "half.npz")
    whole = (tmp_path / "half.npz").read_bytes()
    (tmp_path / "half.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "changed.npz").write_bytes(whole[:200] + b"?" * 20 + whole[220:])
    dataclasses.replace(coder, weights=coder.weights * np.nan).save(tmp_path / "nan.npz")
    dataclasses.replace(coder, values=("a", "b", "c", "d")).save(tmp_path / "values.npz")
    for name in ("other", "half", "changed", "nan", "values"):
        with pytest.raises(ValueError, match=rf"{name}\.npz.*is not a coder"):
            load_coder(tmp_path / f"{name}.npz")


# ------------------------------------------------------------------- floors, on what the project ships


def test_contrasts_that_it_never_saw_are_told_apart() -> None:
    pairs = contrasts()
    assert len(pairs) == 220
    assert pairs["right"].mean() >= FLOORS["contrasts"]


def test_the_teaching_corpus_is_coded_as_well_as_it_was() -> None:
    statements, gold = teaching()
    found = predicted(statements)
    seen = score(gold, found)
    scored = FLOORS.keys() - {"contrasts", "against the talks"}
    assert {name: round(seen[name], 3) for name in scored if seen[name] < FLOORS[name]} == {}
    talks = [unit for unit in gold if gold[unit]["stance"].get("peace_process") == -1]
    assert sum(found[unit]["stance"].get("peace_process") == -1 for unit in talks) >= FLOORS["against the talks"]


# What was measured, less a point: python -m tests.benchmarks.coding
FLOORS = {
    "threat": 0.72,
    "agents": 0.28,
    "types": 0.26,
    "referents": 0.45,
    "measures": 0.48,
    "targets": 0.71,
    "signed": 0.53,
}
FLOORS |= {"contrasts": 0.78, "against the talks": 42}
