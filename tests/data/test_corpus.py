"""The constructed corpus holds what its datasheet says: files, facts and planted structure."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import re
import tomllib
import zipfile
from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from helpers import coarse_targets
from helpers.articles.load import load_articles
from helpers.paths import CODEBOOKS, PLAIN
from tests.benchmarks.coding import MACHINE, machine_codes
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DATA = ROOT / "data"
NOTICE = b"Constructed for teaching"
OUTLETS = {
    "Salang Wire",
    "The Albion Correspondent",
    "The Amu Herald",
    "The Arg Bulletin",
    "The Federal Lantern",
    "The Margalla Courier",
}
RUN = 8


@pytest.fixture(scope="module")
def planted() -> pd.DataFrame:
    return pd.read_csv(DATA / "planted.csv", parse_dates=["date"])


@pytest.fixture(scope="module")
def original(planted: pd.DataFrame) -> pd.DataFrame:
    return planted[planted["republished_from"].isna()]


@pytest.fixture(scope="module")
def loaded():
    return load_articles(DATA / "articles")


@pytest.fixture(scope="module")
def cast() -> pd.DataFrame:
    return pd.read_csv(DATA / "cast.csv")


def runs(text: str, size: int = RUN) -> set[str]:
    words = re.findall(r"\w+", text.lower().replace("’", "").replace("'", ""))
    return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}


def test_every_planted_article_is_loaded_and_nothing_else(planted, loaded) -> None:
    assert sorted(loaded.articles["doc_id"]) == sorted(planted["doc_id"])
    both = planted.merge(loaded.articles, on="doc_id", suffixes=("_planted", ""))
    assert (both["title"] == both["title_planted"]).all()
    assert (both["source"] == both["outlet"]).all()


def test_the_interrupted_download_is_the_only_reject(loaded) -> None:
    assert list(loaded.rejects["path"]) == ["odd_files/interrupted_download.docx"]


def test_every_article_is_marked_as_constructed(loaded) -> None:
    assert loaded.articles["constructed"].all()


def test_dates_are_read_except_where_the_text_leaves_them_open(planted, loaded) -> None:
    both = planted.merge(loaded.articles, on="doc_id", suffixes=("_planted", ""))
    left_open = both.loc[both["date"] != both["date_planted"], ["doc_id", "date", "date_precision"]]
    assert sorted(left_open["doc_id"]) == [
        "amu_herald/2020_khaf_herat.txt",
        "salang_wire/2002_schools_and_mandate.txt",
        "salang_wire/2013_football_final.txt",
    ]
    assert left_open.set_index("doc_id")["date_precision"].dropna().to_dict() == {
        "amu_herald/2020_khaf_herat.txt": "year"
    }
    assert left_open["date"].isna().sum() == 2


def test_every_file_carries_the_notice() -> None:
    for path in sorted((DATA / "articles").rglob("*")):
        if not path.is_file():
            continue
        found = NOTICE in path.read_bytes()
        if not found and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [name for name in archive.namelist() if name.endswith(".txt") or name == "word/document.xml"]
                found = bool(members) and all(NOTICE in archive.read(name) for name in members)
        assert found, path.name


def test_packed_files_have_fixed_times() -> None:
    packed = [path for path in (DATA / "articles").rglob("*") if path.is_file() and zipfile.is_zipfile(path)]
    assert len(packed) == 2
    for path in packed:
        with zipfile.ZipFile(path) as archive:
            assert {info.date_time for info in archive.infolist()} == {(2024, 1, 1, 0, 0, 0)}


def test_one_file_is_not_utf8_and_one_is_not_english(planted) -> None:
    wrong = []
    for path in sorted((DATA / "articles").rglob("*.txt")):
        try:
            path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            wrong.append(path.name)
    assert wrong == ["2011_empty_chair.txt"]
    assert "naïveté" in (DATA / "articles/margalla_courier/2011_empty_chair.txt").read_text(encoding="cp1252")
    assert list(planted.loc[planted["language"] != "en", "doc_id"]) == ["odd_files/2018_dari_page.txt"]


def test_size_outlets_formats_and_years(planted, original) -> None:
    assert set(planted["outlet"]) == OUTLETS
    assert len(original) >= 84
    assert original["words"].between(240, 400).all()
    assert set(planted["format"]) == {"txt", "html", "docx", "factiva", "csv", "jsonl", "zip"}
    assert set(planted["date"].dt.year) == set(range(2001, 2022))


def test_war_and_crime_outlets_report_the_same_events(original) -> None:
    paired = original[original["frame"].notna()]
    assert dict(paired.groupby("frame")["outlet"].agg(lambda names: " ".join(sorted(set(names))))) == {
        "crime": "The Albion Correspondent",
        "war": "The Federal Lantern",
    }
    for event, sides in paired.groupby("event"):
        assert sorted(sides["frame"]) == ["crime", "war"], event
        assert sides["topic"].nunique() == 1, event
        assert (sides["date"].max() - sides["date"].min()).days <= 14, event
    assert paired["event"].nunique() == 20


def test_the_turning_actor_speaks_in_the_articles_named_and_in_no_other(planted, original, loaded) -> None:
    counts = original["turning_actor"].value_counts()
    assert counts["before"] >= 20
    assert counts["after"] >= 20
    turn = tomllib.loads((DATA / "planted.toml").read_text(encoding="utf-8"))["turning_actor"]["turn"]
    assert isinstance(turn, dt.date)
    after = planted["date"] >= pd.Timestamp(turn)
    assert (planted.loc[planted["turning_actor"] == "before", "date"] < pd.Timestamp(turn)).all()
    assert after[planted["turning_actor"] == "after"].all()
    texts = loaded.articles.set_index("doc_id")["text"]
    for row in planted.itertuples():
        assert bool(re.search("Sar[wv]andi", texts[row.doc_id])) == isinstance(row.turning_actor, str), row.doc_id


def test_the_state_daily_names_only_voices_of_the_afghan_state(planted, cast, loaded) -> None:
    daily = set(planted.loc[planted["outlet"] == "The Arg Bulletin", "doc_id"])
    texts = loaded.articles.loc[loaded.articles["doc_id"].isin(daily), "text"]
    for person in cast.itertuples():
        surname = person.name.split()[-1]
        present = texts.str.contains(rf"\b{surname}\b").any()
        assert not present or person.side in {"afghan_state", "turning_actor"}, person.name


def test_everybody_in_the_cast_appears(cast, loaded) -> None:
    texts = "\n".join([*loaded.articles["text"], *load_articles(PLAIN).articles["text"]])
    assert [name for name in cast["name"] if name not in texts] == []


def test_the_null_contrast_has_two_full_sides_spread_over_outlets_and_topics(planted) -> None:
    assert (planted["weekend"] == (planted["date"].dt.day_of_week > 4).astype(int)).all()
    weekend = planted[planted["weekend"] == 1]
    assert len(weekend) >= 20
    assert set(weekend["outlet"]) == OUTLETS
    assert set(weekend["topic"]) == set(planted["topic"])


def test_main_topics_lean_as_the_datasheet_says(original) -> None:
    mix = tomllib.loads((DATA / "planted.toml").read_text(encoding="utf-8"))["topic_mix"]["expected"]
    for outlet, topic in mix.items():
        counts = original.loc[original["outlet"] == outlet, "topic"].value_counts()
        assert counts[topic] == counts.max(), outlet


def test_topics_move_over_the_years_as_the_datasheet_says(original) -> None:
    years = tomllib.loads((DATA / "planted.toml").read_text(encoding="utf-8"))["topic_mix"]["years"]
    late = original["date"].dt.year > years["until"]
    early_mix, late_mix = (original.loc[side, "topic"].value_counts(normalize=True) for side in (~late, late))
    assert min(late.sum(), (~late).sum()) >= 20
    for topic in years["rises_after"]:
        assert late_mix[topic] > 1.5 * early_mix[topic], topic
    for topic in years["falls_after"]:
        assert late_mix[topic] < early_mix[topic], topic


def test_wire_stories_come_back_cut_and_edited(planted, loaded) -> None:
    texts = loaded.articles.set_index("doc_id")["text"]
    again = planted[planted["republished_from"].notna()]
    assert len(again) == 8
    by_key = planted.set_index("key")["doc_id"]
    for row in again.itertuples():
        wire = texts[by_key[row.republished_from]]
        shared = runs(texts[row.doc_id]) & runs(wire)
        assert len(shared) > 50, row.doc_id
        assert texts[row.doc_id] not in wire
        assert len(texts[row.doc_id]) < len(wire)


def test_no_two_articles_share_eight_words_in_a_row(planted, loaded) -> None:
    root = dict(zip(planted["doc_id"], planted["republished_from"].fillna(planted["key"]), strict=True))
    lines = [(row.doc_id, line) for row in loaded.articles.itertuples() for line in row.text.split("\n") if line]
    boilerplate = {line for line, count in Counter(line for _, line in lines).items() if count > 4}
    assert boilerplate, "the outlets' own boilerplate is part of the lesson"
    seen: dict[str, str] = {}
    shared: list[tuple[str, str, str]] = []
    for doc_id, line in lines:
        if line in boilerplate:
            continue
        for run in runs(line):
            other = seen.setdefault(run, doc_id)
            if root[other] != root[doc_id]:
                shared.append((other, doc_id, run))
    assert shared == []


def test_no_article_shares_eight_words_in_a_row_with_the_real_material(loaded, shared) -> None:
    ours = set().union(*(runs(line) for text in loaded.articles["text"] for line in text.split("\n")))
    assert len(ours) > 20_000
    for path in sorted(shared.glob("benchmarks/*/*.jsonl*")):
        packed = path.read_bytes()
        lines = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8").splitlines()
        texts = {json.loads(line).get("text", "") for line in lines if line.strip()}
        found = set().union(*(runs(text) & ours for text in texts))
        assert found == set(), path.name


@pytest.fixture(scope="module")
def gold() -> pd.DataFrame:
    return pd.read_csv(DATA / "gold" / "statements.csv", keep_default_na=False, dtype={"spans": str})


def test_gold_statements_cover_every_english_article(planted, gold) -> None:
    assert set(gold["doc_id"]) == set(planted.loc[planted["language"] == "en", "doc_id"])
    assert len(gold) >= 900
    assert gold["statement_id"].is_unique
    assert set(gold["kind"]) == {"direct", "indirect", "mixed"}


REASONS = {
    *("missed", "nested", "passive", "noun_cue", "refusal", "two_cues", "continued_quote", "edited"),
    *("attitude_without_words", "no_content", "legal_effect", "naming", "scare_quote", "free_indirect", "extent"),
    *("aside", "shared_subject", "relative_pronoun", "source_form", "speaker_form", "speaker_resolution", "slip"),
}


@pytest.fixture(scope="module", params=["statements", "statements_pass1", "statements_pass2"])
def coded(request) -> pd.DataFrame:
    return pd.read_csv(DATA / "gold" / f"{request.param}.csv", keep_default_na=False, dtype={"spans": str})


def test_every_difference_of_the_passes_is_ruled(gold) -> None:
    ruled = pd.read_csv(DATA / "gold" / "disagreements.csv", keep_default_na=False)
    assert set(ruled["variable"]) == {"presence", "extent", "source", "kind", "speaker"}
    assert set(ruled["ruling"]) == {"pass1", "pass2", "neither"}
    assert set(ruled["reason"]) == REASONS
    assert set(gold["passes"]) == {"both", "pass1", "pass2", "neither"}
    assert set(gold["coder"]) == {"adjudicated"}
    spans = set(gold[["doc_id", "start", "end"]].itertuples(index=False, name=None))
    kept = ruled[(ruled["variable"] == "presence") & (ruled["ruling"] == "pass2") & (ruled["pass1"] == "")]
    assert set(kept[["doc_id", "start", "end"]].itertuples(index=False, name=None)) <= spans


def test_gold_is_for_the_texts_as_they_are_loaded(coded, loaded) -> None:
    now = {row.doc_id: hashlib.sha256(row.text.encode()).hexdigest() for row in loaded.articles.itertuples()}
    changed = {row.doc_id for row in coded.itertuples() if now[row.doc_id] != row.text_sha256}
    assert changed == set()


def test_gold_quotes_what_stands_there(coded, loaded) -> None:
    texts = loaded.articles.set_index("doc_id")["text"]
    for row in coded.itertuples():
        text = texts[row.doc_id]
        spans = [tuple(map(int, span.split("-"))) for span in row.spans.split(";")]
        assert spans == sorted(spans), row.statement_id
        assert (spans[0][0], spans[-1][1]) == (row.start, row.end), row.statement_id
        assert " ".join(text[start:end] for start, end in spans) == row.content, row.statement_id
        for name in ("speaker", "cue"):
            start, end = getattr(row, f"{name}_start"), getattr(row, f"{name}_end")
            quoted = text[int(start) : int(end)] if start != "" else ""
            assert quoted == getattr(row, name), row.statement_id


@pytest.fixture(scope="module")
def plain_gold() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the statements and codes of the plain set, by both readers and adjudicated."""
    read = [pd.read_csv(DATA / "gold" / f"plain_{name}.csv", keep_default_na=False) for name in ("statements", "codes")]
    return read[0], read[1]


def test_gold_of_the_plain_set_quotes_what_stands_there(plain_gold) -> None:
    said, codes = plain_gold
    loaded = load_articles(PLAIN).articles
    test_gold_is_for_the_texts_as_they_are_loaded(said, SimpleNamespace(articles=loaded))
    test_gold_quotes_what_stands_there(said, SimpleNamespace(articles=loaded))
    for name, kept in said.groupby("coder"):
        assert set(kept["doc_id"]) == set(loaded["doc_id"]), name
        assert kept["statement_id"].is_unique, name
    both = codes.merge(said, on=["statement_id", "coder"], suffixes=("", "_said"), validate="many_to_one")
    assert len(both) == len(codes)
    assert (both["text_sha256"] == both["text_sha256_said"]).all()
    for row in both[both["text"] != ""].itertuples():
        assert row.content[int(row.content_start) : int(row.content_end)] == row.text, row.statement_id


def test_codes_of_the_plain_set_agree_with_themselves_and_with_the_codebook(plain_gold) -> None:
    said, codes = plain_gold
    assert set(said["coder"]) == set(codes["coder"]) == {"reader1", "reader2", "adjudicated"}
    assert set(said["passes"]) == {"both", "pass1", "pass2"}
    of_both = said.loc[said["passes"] == "both"].groupby("statement_id")["coder"].nunique()
    assert set(of_both) == {3}
    targets, slots = coarse_targets().values(), tomllib.loads((CODEBOOKS / "threat.toml").read_text(encoding="utf-8"))
    for variable, ids in codes.groupby("variable")["value"].unique().items():
        if variable == "stance":
            known = set(targets)
        elif variable == "blame":
            known = {*slots["agents"], "international_community"}
        else:
            known = {"1"} if variable == "threat" else set(slots[variable])
        assert set(ids) <= known, variable
    assert set(codes.loc[codes["variable"] == "stance", "polarity"]) == {"-1", "0", "1"}
    pairs = codes[["statement_id", "coder"]].apply(tuple, axis=1)
    threats = set(pairs[codes["variable"] == "threat"])
    assert set(pairs[codes["variable"] == "severity"]) == threats
    assert set(pairs[codes["variable"].isin(["agents", "referents"])]) <= threats
    final = codes[codes["coder"] == "adjudicated"]
    signs = final[final["variable"] == "stance"].groupby(["statement_id", "value"])["polarity"].nunique()
    assert signs.eq(1).all()


def test_every_record_says_where_it_comes_from(loaded) -> None:
    tables = [pd.read_csv(path) for folder in (DATA, DATA / "gold") for path in sorted(folder.glob("*.csv"))]
    real = [pd.read_parquet(path) for path in sorted((DATA / "gold").glob("*.parquet"))]
    assert len(tables) == 16
    assert all(set(table["provenance"]) == {"constructed"} for table in tables)
    credit = r"10\.7910/DVN/0TJX8Y|CC BY|public domain|US public information|Open Government Licence"
    named = [table for table in real if "provenance" in table]
    assert len(named) == 5
    assert all(table["provenance"].str.contains(credit).all() for table in named)
    units = set(pd.read_parquet(DATA / "gold" / "news_units.parquet")["unit_id"])
    by_unit = [table for table in real if "provenance" not in table]
    assert all(set(table.get("unit_id", table.get("statement_id"))) <= units for table in by_unit)
    assert loaded.articles["constructed"].all()


def test_real_codes_hold_no_text_and_keep_dev_and_train_apart() -> None:
    units, codes = (pd.read_parquet(DATA / "gold" / f"un_{name}.parquet") for name in ("units", "codes"))
    assert units["unit_id"].is_unique
    assert units["part"].value_counts().to_dict() == {"extra": 3259, "train": 1400, "dev": 240}
    assert set(codes["unit_id"]) <= set(units["unit_id"])
    assert units[["unit_id", "doc_id", "country"]].apply(lambda column: column.str.len()).max().max() <= 20
    assert codes["value"].dropna().str.fullmatch(r"[a-z_]+|[0-3]").all()
    dev = set(units.loc[units["part"] == "dev", "unit_id"])
    assert all(set(codes.loc[codes["coder"] == coder, "unit_id"]) == dev for coder in (2, 3))


def test_codes_of_news_hold_no_text_and_name_each_article() -> None:
    units, codes = (pd.read_parquet(DATA / "gold" / f"wikinews_{name}.parquet") for name in ("units", "codes"))
    assert units["unit_id"].is_unique
    assert set(codes["unit_id"]) == set(units["unit_id"])
    assert units["url"].str.startswith("https://en.wikinews.org/wiki/").all()
    assert units["spans"].str.fullmatch(r"\d+-\d+(;\d+-\d+)*").all()
    assert codes["value"].str.fullmatch(r"[a-z_]+|[0-3]").all()


def test_codes_of_both_coders_for_news_hold_no_text_and_name_hand_coded_statements() -> None:
    codes, units = (pd.read_parquet(DATA / "gold" / f"news_{name}.parquet") for name in ("machine", "units"))
    assert set(codes["coder"]) == {"reader", "rules"}
    assert set(codes["unit_id"]) <= set(units.loc[units["part"].isin(["dev", "held"]), "unit_id"])
    assert codes["value"].str.fullmatch(r"[a-z_]+|[1-3]").all()
    assert codes["polarity"].notna().tolist() == codes["variable"].eq("stance").tolist()
    assert not codes.duplicated(["unit_id", "coder", "variable", "value"]).any()


def test_codes_of_both_coders_for_news_are_recomputed_equal(shared: Path) -> None:
    assert (shared / "data" / "news" / "articles.jsonl.gz").is_file()
    pd.testing.assert_frame_equal(machine_codes(), pd.read_parquet(MACHINE))


def test_gold_statements_without_a_cue_are_quotations(gold) -> None:
    assert set(gold.loc[gold["cue"] == "", "kind"]) == {"direct"}


def test_the_turning_actor_has_gold_statements_in_each_of_his_articles(planted, gold) -> None:
    his = set(planted.loc[planted["turning_actor"].notna(), "doc_id"])
    assert his <= set(gold.loc[gold["speaker_name"] == "Nasratullah Sarwandi", "doc_id"])


def test_the_state_daily_gives_the_floor_to_the_afghan_state_alone(planted, gold, cast) -> None:
    daily = set(planted.loc[planted["outlet"] == "The Arg Bulletin", "doc_id"])
    speakers = set(gold.loc[gold["doc_id"].isin(daily), "speaker_name"])
    named = cast[cast["name"].isin(speakers)]
    assert set(named["side"]) <= {"afghan_state", "turning_actor"}
    assert len(named) >= 10


def test_the_turning_actor_turns_in_the_gold(planted, gold) -> None:
    stance = pd.read_csv(DATA / "gold" / "stance_turning_actor.csv")
    content = gold.set_index("statement_id")["content"]
    for row in stance.itertuples():
        assert content[row.statement_id][row.content_start : row.content_end] == row.target_text, row.statement_id
    sides = stance.merge(planted[["doc_id", "turning_actor", "republished_from"]], on="doc_id")
    per_article = sides.groupby(["turning_actor", "doc_id"])["polarity"].mean()
    assert (per_article["before"] >= 0).all()
    assert (per_article["after"] < 0).all()
    first_hand = sides[sides["republished_from"].isna()].groupby("turning_actor")["doc_id"].nunique()
    assert first_hand.min() >= 20


FRAME_REASONS = {
    *("harm_stated", "no_harm_stated", "follows_threat", "degree", "danger_denied", "not_denied", "named", "not_named"),
    *("kind_named", "kind_not_named", "measure", "no_measure", "has_a_kind", "responsible", "not_responsible"),
    *("attitude", "no_attitude", "other_id", "extent"),
}


@pytest.fixture(scope="module", params=["frames", "stance", "frames_passes", "stance_passes"])
def codes(request) -> pd.DataFrame:
    return pd.read_csv(DATA / "gold" / f"{request.param}.csv", keep_default_na=False, dtype="string")


def test_gold_codes_quote_their_statement_and_carry_its_article(codes, gold) -> None:
    both = codes.merge(gold[["statement_id", "doc_id", "content", "text_sha256"]], on="statement_id", how="left")
    assert both["content"].notna().all()
    assert (both["doc_id_x"] == both["doc_id_y"]).all()
    assert (both["text_sha256_x"] == both["text_sha256_y"]).all()
    assert (both["provenance"] == "constructed").all()
    quoted = both[both["content_start"] != ""]
    words = "target_text" if "target" in codes else "text"
    stands = [row.content[int(row.content_start) : int(row.content_end)] for row in quoted.itertuples()]
    assert stands == quoted[words].tolist()


def test_gold_frames_keep_the_rules_of_the_manual() -> None:
    frames = pd.read_csv(DATA / "gold" / "frames.csv", keep_default_na=False, dtype="string")
    of = {slot: set(part["statement_id"]) for slot, part in frames.groupby("slot")}
    assert set(of) == {"threat", "severity", "denial", "agents", "types", "referents", "measures", "blame"}
    assert of["severity"] == of["threat"]
    assert of["agents"] | of["referents"] <= of["threat"]
    others = set(frames.loc[frames["slot"].eq("types") & frames["value"].ne("displacement"), "statement_id"])
    assert others <= of["threat"]
    assert (frames.loc[frames["slot"].isin(["agents", "referents", "blame"]), "text"] != "").all()
    assert not frames.duplicated(["statement_id", "slot", "value", "content_start"]).any()


def test_gold_stance_has_one_polarity_a_target_with_its_words() -> None:
    stance = pd.read_csv(DATA / "gold" / "stance.csv", keep_default_na=False)
    assert not stance.duplicated(["statement_id", "target"]).any()
    assert set(stance["polarity"]) == {-1, 0, 1}
    assert (stance["target_text"] != "").all()


def test_every_difference_of_the_readers_is_ruled_and_the_ruling_is_in_the_gold(gold) -> None:
    frames, stance, ruled = (
        pd.read_csv(DATA / "gold" / f"{name}.csv", keep_default_na=False, dtype="string")
        for name in ("frames_passes", "stance_passes", "frames_disagreements")
    )
    assert set(ruled["reason"]) == FRAME_REASONS
    final = pd.read_csv(DATA / "gold" / "frames.csv", keep_default_na=False, dtype="string")

    def values(table: pd.DataFrame) -> dict[tuple[str, str], str]:
        kept = table[table["value"] != "0"]
        return kept.groupby(["statement_id", "slot"])["value"].agg(lambda ids: ";".join(sorted(set(ids)))).to_dict()

    one, two, end = (
        values(part) for part in (frames[frames["coder"] == "reader1"], frames[frames["coder"] == "reader2"], final)
    )
    differ = {key for key in one.keys() | two.keys() if one.get(key, "") != two.get(key, "")}
    slots = ruled[ruled["variable"] != "stance"]
    named = set(slots[["statement_id", "variable"]].itertuples(index=False, name=None))
    assert differ <= named
    for row in slots.itertuples():
        assert end.get((row.statement_id, row.variable), "0" if row.ruled == "0" else "") == row.ruled, row
    polarity = stance.pivot_table(
        index=["statement_id", "target"], columns="coder", values="polarity", aggfunc="first", fill_value=""
    )
    differ = set(polarity.index[polarity["reader1"] != polarity["reader2"]])
    named = set(ruled.loc[ruled["variable"] == "stance", ["statement_id", "target"]].itertuples(index=False, name=None))
    assert differ <= named
    read = frames[frames["slot"] == "threat"]
    one, two = (set(read.loc[read["coder"] == coder, "statement_id"]) for coder in ("reader1", "reader2"))
    assert one == two
    assert one <= set(gold["statement_id"])
