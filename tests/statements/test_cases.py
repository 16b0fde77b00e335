"""Who said what: the sentences of cases.toml, and what each word is taken for."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.codebook.load import load_codebook
from helpers.statements.extract import extract_statements
from helpers.statements.grammar.quotations import find_quotes
from helpers.statements.grammar.sentences import split_sentences
from helpers.statements.grammar.tokens import make_lexicon, read_sentence

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["case"]


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    articles = pd.DataFrame({"doc_id": [str(n) for n in range(len(CASES))], "text": [case["text"] for case in CASES]})
    found = extract_statements(articles, resolve=False)
    return found[["doc_id", "speaker", "cue", "content"]].fillna("")


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: CASES[n]["text"][:60])
def test_a_sentence_gives_its_statements(number: int, found: pd.DataFrame) -> None:
    rows = found[found["doc_id"] == str(number)]
    assert rows.drop(columns="doc_id").values.tolist() == CASES[number]["said"], CASES[number]["shows"]


# One letter a token: the tag of `Tag` that it is given.
TAGGED = [
    ("Her plan failed.", "DNV."),
    ("Her long plan failed.", "DANV."),
    ("They told her that it rained.", "RVOHRV."),
    ("Her warned farmers left.", "DENV."),
    ("Her waiting men left.", "DNNV."),
    ("Her 30 men left.", "DMNV."),
    ("The plan’s late.", "DNSN."),
    ("The plan’s a ruin.", "DNXDN."),
    ("The plan’s been lost.", "DNXXV."),
    ("The plan’s waiting.", "DNXG."),
    ("The plan’s warned men.", "DNXEN."),
    ("He’s late.", "RXN."),
    ("Who’s late?", "WXN."),
    ("That’s late.", "HXN."),
    ("Noor’s late plan failed.", "PSNNV."),
    ("They’ve left and I’d stay.", "RXVCRXN."),
    ("Jolly told Hale.", "PVP."),
    ("Fleming has left.", "PXV."),
    ("Fleming warns Hale.", "PNP."),
    ("Seed said it rained.", "PVRV."),
    ("The minister has also expressed concern.", "DNXAEN."),
    ("The ministry warned that it rained.", "DNVHRV."),
    ("The ministry warned by Noor left.", "DNEIPV."),
    ("The warned ministry left.", "DENV."),
    ("He quickly warned Hale.", "RAVP."),
    ("They warned men.", "RVN."),
    ("The army asked Noor.", "DNVP."),
    ("The army added quickly.", "DNVA."),
    ("The army demanded 30 men.", "DNVMN."),
    ("The army demanded waiting.", "DNVG."),
    ("The army ruined the dam.", "DNVDN."),
    ("The men warned in Kabul left.", "DNVIPV."),
    ("The men who warned Hale left.", "DNWVPV."),
    ("The men trained in Kabul left.", "DNEIPV."),
    ("They met Him and It left.", "RVOCRV."),
    ("Noor ruled in Kabul.", "PVIP."),
    ("Noor, added the envoy, left.", "P,VDN,V."),
    ("Kabul rejects the plan.", "PVDN."),
    ("Kabul rejects him.", "PVO."),
    ("Boss the men.", "PDN."),
    ("She offers rain.", "RVN."),
    ("There is rain in the building there.", "RXNIDNA."),
    ("One says it rained and others deny it.", "NVRVCNNR."),
    ("Some claim that it rained.", "NNHRV."),
    ("One man left.", "DNV."),
    ("In that dam.", "IDN."),
    ("They leave at once.", "RVIA."),
    ("Once it rained they left.", "BRVRV."),
    ("The rally of the family was early.", "DNIDNXA."),
    ("In the waiting and Noor’s waiting.", "IDNCPSN."),
    ("Kabul Building of trade left.", "PPINV."),
    ("He met Over The Hills on Monday in May.", "RVPPPIUIU."),
    ("“The dam holds,” Fleming said – “Rivers rise.”", '"DNV,"PV-"PN."'),
    ("(Rivers rise) and: Rivers rise.", "(PN)C:PN."),
    ("The U.S. envoy needn’t pay $30 in 2020 & 5% more.", "DPNXNMMIUCMND."),
]


@pytest.mark.parametrize(("text", "tags"), TAGGED)
def test_words_are_classed_by_lists_endings_and_neighbours(text: str, tags: str) -> None:
    lexicon: Any = make_lexicon(load_codebook().cues)
    quotes = find_quotes(text)
    read = [read_sentence(text, span, quotes, lexicon) for span in split_sentences(text, quotes=quotes)]
    assert " ".join("".join(s.tag[:-2]) for s in read) == tags
