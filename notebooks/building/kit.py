"""The teacher's kit: pages made from the lessons' cards, exercises and notes, and from messages that really come."""

from __future__ import annotations

import ast
import contextlib
import re
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.paths import NOTEBOOKS, SOLUTIONS
from notebooks.building.blanks import blank
from notebooks.building.running import output_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbformat import NotebookNode

TEACHING = NOTEBOOKS / "teaching"
TEMPLATES = Path(__file__).parent / "templates"
RUN_TIMES = TEACHING / "run_times.csv"
ROWS = ("Question", "You will be able to", "Minutes", "Know before")
EXERCISE = re.compile(r"### Exercise (\d\d-\d) · (\w+): (.+)")
ANSWER = re.compile(r"Agrees with the worked solution: `(.+?)`")  # as check_answer says it
ASKED = re.compile(r"\*\*(?:Stop and think|Before you go on)[.:]\*\*\s*(.+?)(?:\n\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Card:
    """What a lesson says of itself: its opening card, and its exercises (number, level, title)."""

    name: str
    title: str
    question: str
    able: str
    minutes: int
    before: str
    exercises: tuple[tuple[str, str, str], ...]


@dataclass
class Section:
    """A part of a lesson: heading, number of code cells, what appears, and what is asked on the way."""

    heading: str
    cells: int
    shown: list[str]
    asked: list[str]


def render(template: str, **values: object) -> str:
    """Fill in a template; pages in HTML are escaped, pages in Markdown are not."""
    from jinja2 import Environment, FileSystemLoader, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(values)


def read_lessons() -> dict[str, NotebookNode]:
    """Read the solved lessons, by name in reading order."""
    import nbformat

    return {path.stem: nbformat.read(path, as_version=4) for path in sorted(SOLUTIONS.glob("*.ipynb"))}


def tags_of(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.metadata.get("tags", []))


def read_card(name: str, lesson: NotebookNode) -> Card:
    r"""Read the card that opens a lesson, and the titles of its exercises.

    Raises
    ------
    ValueError
        If the lesson does not open with a title and a card that has all four rows.

    Examples
    --------
    >>> import nbformat.v4 as v4
    >>> card = "# 01 · Load\n\n| | |\n|---|---|\n| **Question** | What? |\n| **You will be able to** | load |\n"
    >>> card += "| **Minutes** | 40 |\n| **Know before** | nothing |"
    >>> read_card("01_load", v4.new_notebook(cells=[v4.new_markdown_cell(card)])).minutes
    40
    """
    first = lesson.cells[0].source
    title = re.match(r"# (.+)", first)
    card = dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \|$", first, re.MULTILINE))
    missing = [row for row in ROWS if row not in card]
    if title is None or missing:
        raise ValueError(f"{name} does not open with a title and a card; the card lacks: {', '.join(missing)}")
    question, able, minutes, before = (card[row] for row in ROWS)
    found = (EXERCISE.match(cell.source) for cell in lesson.cells if "exercise" in tags_of(cell))
    exercises = tuple((match[1], match[2], match[3]) for match in found if match)
    return Card(name, title[1], question, able, int(minutes), before, exercises)


def list_sections(lesson: NotebookNode) -> list[Section]:
    """List the sections of a lesson that have code; solutions of exercises are not counted."""
    sections: list[Section] = []
    for cell in lesson.cells:
        if cell.cell_type == "markdown":
            above, *parts = re.split(r"^## (.+)$", cell.source, flags=re.MULTILINE)
            if sections:  # what stands above a heading belongs to the section before it
                sections[-1].asked += questions_in(above)
            for heading, text in zip(parts[::2], parts[1::2], strict=True):
                sections.append(Section(heading, 0, [], questions_in(text)))
        elif sections and "solution" not in tags_of(cell):
            sections[-1].cells += 1
            sections[-1].shown += describe_outputs(cell)
    return [section for section in sections if section.cells]


def questions_in(text: str) -> list[str]:
    """Return what a text asks the reader, each question on one line."""
    return [" ".join(question.split()) for question in ASKED.findall(text)]


def describe_outputs(cell: NotebookNode) -> Iterator[str]:
    """Say in words what appears under a cell: a figure by its title, a table by its columns or its two sides."""
    for output in cell.outputs:
        page = output.get("data", {}).get("text/html", "")
        picture = re.search(r'alt="([^".:]+)', page)
        if "<img" in page and picture:
            yield f"figure “{picture[1]}”"
        elif "<table" in page:
            lines = page.split("</thead>")[0].split("</tr>")
            heads = [re.findall(r"<th[^>]*>(.*?)</th>", line, re.DOTALL) for line in lines]
            names = [[re.sub(r"<[^>]+>|\s+", " ", head).strip() for head in line] for line in heads if line]
            yield "table " + name_columns(names)


def name_columns(head: list[list[str]]) -> str:
    """Name the columns of a table, or the two sides of a cross table, from the lines of its head.

    Examples
    --------
    >>> name_columns([["", "kind", "n"]])
    'kind, n'
    >>> name_columns([["source", "The Herald", "The Wire"], ["format", "", ""]])
    'of format by source'
    """
    across = head[0][0]
    down = ", ".join(name for name in head[-1] if name)
    if len(head) > 1 and across and down:
        return f"of {down} by {across}"
    return ", ".join(dict.fromkeys(name for line in head for name in line if name))


def notes_of(lesson: NotebookNode) -> str:
    """Return the folded notes for teachers at the end of a lesson."""
    notes = next((cell.source for cell in lesson.cells if "teacher" in tags_of(cell)), "")
    return re.sub(r"</?details>|<summary>.*?</summary>", "", notes).strip()


def list_answers(lesson: NotebookNode) -> list[str]:
    """Return tasks, worked solutions, answers, what a wrong answer means, and the answers of the quiz, a block each."""
    blocks = []
    for cell in lesson.cells:
        tags = tags_of(cell)
        if "exercise" in tags and cell.source.startswith("### "):
            blocks.append(cell.source.split("\n\n<details>")[0])
        elif "solution" in tags:
            seen = {*blank(cell.source).splitlines(), ""}
            steps = [line for line in cell.source.splitlines() if line not in seen]
            blocks.append("\n".join(["```python", *steps, "```"]))
            blocks += [f"**Answer:** `{answer}`" for answer in ANSWER.findall(output_text(cell))]
        elif "turns" in tags:
            blocks.append(re.sub(r"^- Next: ", "\n**When it is right, say or ask:** ", cell.source, flags=re.MULTILINE))
        elif "quiz" in tags:
            quiz = re.sub(r"<summary>.*?</summary>|</details>", "", cell.source)
            blocks.append(re.sub(r"<details>\s*", "*Answer:* ", quiz).replace("## Quiz", "### Quiz"))
    return [re.sub(r"\n{3,}", "\n\n", block).strip() for block in blocks]


def check_plan(plan: Mapping[str, Any], cards: Mapping[str, Card]) -> None:
    """Check that the steps of a plan fill its minutes, and that its lessons and exercises are there.

    Raises
    ------
    ValueError
        Naming the plan and what does not fit.
    """
    total = sum(step["minutes"] for step in plan["step"])
    if total != plan["minutes"]:
        raise ValueError(f"the steps of the plan {plan['title']!r} take {total} minutes, the plan {plan['minutes']}")
    numbers = {name[:2] for name in cards}
    exercises = {number for card in cards.values() for number, _, _ in card.exercises}
    for step in plan["step"]:
        named = set(re.findall(r"\b\d\d-\d\b", f"{step['do']} {step['expect']}"))
        unknown = sorted((named - exercises) | ({step.get("lesson", "")} - numbers - {""}))
        if unknown:
            raise ValueError(f"the plan {plan['title']!r} names {', '.join(map(repr, unknown))}, which is not there")


def read_plans(cards: Mapping[str, Card]) -> dict[str, Any]:
    """Read ``plans.toml``; each step gets the time at which it begins and the file of its lesson."""
    texts = tomllib.loads((TEACHING / "plans.toml").read_text(encoding="utf-8"))
    files = {name[:2]: name for name in cards}
    for plan in texts["plan"]:
        check_plan(plan, cards)
        clock = 0
        for step in plan["step"]:
            step |= {"at": f"{clock // 60}:{clock % 60:02}", "file": files.get(step.get("lesson", ""), "")}
            clock += step["minutes"]
    return texts


def read_faults() -> dict[str, Any]:
    """Run the faults of ``errors.toml`` and add the message that comes to each."""
    faults = tomllib.loads((TEACHING / "errors.toml").read_text(encoding="utf-8"))
    for fault in faults["error"]:
        fault["code"] = fault["code"].strip()
        fault["said"] = said_by(fault["code"])
    return faults


def said_by(code: str) -> str:
    """Run a piece of code in an empty folder and return the message of its error, or the value of its last line.

    Examples
    --------
    >>> said_by("statements.head()")
    "NameError: name 'statements' is not defined"
    """
    tree = ast.parse(code)
    last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
    namespace: dict[str, object] = {"__builtins__": __builtins__}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        try:
            exec(compile(tree, "fault", "exec"), namespace)  # noqa: S102 - our own list of faults
            return str(eval(compile(last, "fault", "eval"), namespace))  # noqa: S307
        except Exception as error:  # noqa: BLE001 - the message is what we are after
            return f"{type(error).__name__}: {error}"


def make_kit(lessons: Mapping[str, NotebookNode]) -> dict[Path, str]:
    """Return every page of the kit by its path, from the lessons as they stand; no file is written."""
    cards = {name: read_card(name, lesson) for name, lesson in lessons.items()}
    seconds = pd.read_csv(RUN_TIMES, dtype={"lesson": "string"}).set_index("lesson")["cpu_seconds"].to_dict()
    values = {
        "cards": list(cards.values()),
        "texts": read_plans(cards),
        "seconds": seconds,
        "sections": {name: list_sections(lesson) for name, lesson in lessons.items()},
        "notes": {name: notes_of(lesson) for name, lesson in lessons.items()},
        "answers": {name: list_answers(lesson) for name, lesson in lessons.items()},
        "faults": read_faults(),
    }
    return {TEACHING / path.name: render(path.name, **values) for path in sorted(TEMPLATES.glob("*.md"))}
