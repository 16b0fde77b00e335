"""The teacher's kit: pages made from the lessons' cards, exercises and notes, and from messages that really come."""

from __future__ import annotations

import ast
import contextlib
import re
import tempfile
import tomllib
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.lessons.exercises import blank, write_lessons
from helpers.paths import NOTEBOOKS, SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

TEACHING = NOTEBOOKS / "teaching"
RUN_TIMES = TEACHING / "run_times.csv"
CARD = ("Question", "You will be able to", "Minutes", "Know before")
MADE = "<!-- Made by `python -m helpers teaching` from the lessons; change the lessons, not this page. -->"


def read_cards(lessons: dict[str, NotebookNode]) -> pd.DataFrame:
    r"""Read the card that opens each lesson.

    Parameters
    ----------
    lessons : dict of str to NotebookNode
        By name, in reading order.

    Returns
    -------
    DataFrame
        One row per lesson: ``lesson``, ``title``, ``question``, ``able``, ``before`` string, ``minutes`` int64.

    Raises
    ------
    ValueError
        If a lesson does not open with a title and a card that has all four rows.

    Examples
    --------
    >>> import nbformat.v4 as v4
    >>> card = "# 01 · Load\n\n| | |\n|---|---|\n| **Question** | What? |\n| **You will be able to** | load |\n"
    >>> card += "| **Minutes** | 40 |\n| **Know before** | nothing |"
    >>> read_cards({"01_load": v4.new_notebook(cells=[v4.new_markdown_cell(card)])})["minutes"].tolist()
    [40]
    """
    rows = []
    for name, lesson in lessons.items():
        first = lesson.cells[0].source
        title = re.match(r"# (.+)", first)
        card = dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \|$", first, re.MULTILINE))
        missing = [row for row in CARD if row not in card]
        if title is None or missing:
            raise ValueError(f"{name} does not open with a title and a card; the card lacks: {', '.join(missing)}")
        rows.append(
            (name, title[1], card["Question"], card["You will be able to"], card["Know before"], int(card["Minutes"]))
        )
    return pd.DataFrame(rows, columns=["lesson", "title", "question", "able", "before", "minutes"])


def list_sections(lesson: NotebookNode) -> list[tuple[str, int, list[str], list[str]]]:
    """List the sections of a lesson: heading, number of code cells, what appears, and what is asked on the way."""
    sections: list[tuple[str, int, list[str], list[str]]] = []
    for cell in lesson.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            heading = re.search(r"^## (.+)$", cell.source, re.MULTILINE)
            if heading:
                sections.append((heading[1], 0, [], []))
            asked = re.findall(
                r"\*\*(?:Stop and think|Before you go on)[.:]\*\*\s*(.+?)(?:\n\n|\Z)", cell.source, re.DOTALL
            )
            if sections:
                sections[-1][3].extend(" ".join(question.split()) for question in asked)
        elif sections and "solution" not in tags:
            heading_, cells, shown, asked_ = sections[-1]
            sections[-1] = (heading_, cells + 1, [*shown, *describe_outputs(cell)], asked_)
    return [section for section in sections if section[1]]


def describe_outputs(cell: NotebookNode) -> Iterator[str]:
    """Say in words what appears under a cell: a figure by its title, a table by its columns."""
    for output in cell.outputs:
        page = output.get("data", {}).get("text/html", "")
        picture = re.search(r'alt="([^".:]+)', page)
        if "<img" in page and picture:
            yield f"figure “{picture[1]}”"
        elif "<table" in page:
            names = [
                re.sub(r"<[^>]+>|\s+", " ", name).strip()
                for name in re.findall(r"<th[^>]*>(.*?)</th>", page.split("</thead>")[0], re.DOTALL)
            ]
            yield "table " + ", ".join(dict.fromkeys(name for name in names if name))


def write_plans(lessons: dict[str, NotebookNode]) -> str:
    """Write the plans for 45, 90 and 180 minutes, and what to expect in each lesson."""
    cards = read_cards(lessons).set_index("lesson")
    texts = tomllib.loads((TEACHING / "plans.toml").read_text(encoding="utf-8"))
    times = pd.read_csv(RUN_TIMES, dtype={"lesson": "string"}).set_index("lesson")["cpu_seconds"].to_dict()
    lines = [MADE, "", "# Teaching plans", "", "## Content note", "", texts["content_note"], "", "## The lessons", ""]
    lines += ["| lesson | minutes in class | seconds to run | know before |", "|---|---|---|---|"]
    for name, card in zip(cards.index, cards.to_dict("records"), strict=True):
        before = re.sub(r"\]\((?=\d\d_)", "](../", card["before"])
        seconds = f"{times[name]:.0f}" if name in times else "not measured"
        lines.append(f"| [{card['title']}](../{name}.ipynb) | {card['minutes']} | {seconds} | {before} |")
    lines += [
        "",
        texts["about_times"],
        "",
    ]
    for plan in texts["plan"]:
        lines += plan_lines(plan, cards)
    lines += ["## The lessons, step by step", ""]
    for lesson, title, question in zip(lessons.values(), cards["title"], cards["question"], strict=True):
        lines += [f"### {title}", "", f"*{question}*", ""]
        lines += ["| step | cells to run | what appears | asked on the way |", "|---|---|---|---|"]
        for heading, cells, shown, asked in list_sections(lesson):
            lines.append(f"| {heading} | {cells} | {'; '.join(shown)} | {' '.join(asked)} |")
        lines += ["", *teacher_notes(lesson)]
    return "\n".join(lines).rstrip() + "\n"


def plan_lines(plan: dict[str, Any], cards: pd.DataFrame) -> list[str]:
    """Write one plan as a table with a clock.

    Raises
    ------
    ValueError
        If the steps do not add up to the plan, or name a lesson that is not there.
    """
    total = sum(step["minutes"] for step in plan["step"])
    if total != plan["minutes"]:
        raise ValueError(f"the steps of the plan {plan['title']!r} take {total} minutes, the plan {plan['minutes']}")
    lines = [f"## {plan['minutes']} minutes: {plan['title']}", "", f"For {plan['for']}. {plan['before']}", ""]
    lines += ["| from | minutes | lesson | what to do | what to expect |", "|---|---|---|---|---|"]
    clock = 0
    for step in plan["step"]:
        number = step.get("lesson", "")
        names = [name for name in cards.index if number and name.startswith(number)]
        if number and not names:
            raise ValueError(f"the plan {plan['title']!r} names lesson {number!r}; there are: {', '.join(cards.index)}")
        link = f"[{number}](../{names[0]}.ipynb)" if names else ""
        lines.append(
            f"| {clock // 60}:{clock % 60:02} | {step['minutes']} | {link} | {step['do']} | {step['expect']} |"
        )
        clock += step["minutes"]
    return [*lines, ""]


def teacher_notes(lesson: NotebookNode) -> list[str]:
    """Return the lines of the folded notes for teachers at the end of a lesson."""
    for cell in lesson.cells:
        if "teacher" in cell.metadata.get("tags", []):
            return [*re.sub(r"</?details>|<summary>.*?</summary>", "", cell.source).strip().splitlines(), ""]
    return []


def write_student_sheet(lessons: dict[str, NotebookNode]) -> str:
    """Write the sheet to print for students: card, room for guesses, exercises, what I cannot conclude."""
    texts = tomllib.loads((TEACHING / "plans.toml").read_text(encoding="utf-8"))
    lines = [
        MADE,
        "",
        "# Student sheet",
        "",
        "Name: ________________________  Date: ____________",
        "",
        texts["content_note"],
        "",
    ]
    cards = read_cards(lessons).set_index("lesson")
    for name, lesson in lessons.items():
        card = cards.loc[name]
        lines += [f"## {card['title']}", "", f"**{card['question']}** ({card['minutes']} minutes)", ""]
        lines += ["My guess before I run anything: ____________________________________________", ""]
        titles = [re.match(r"### Exercise (\S+) · (\w+): (.+)", cell.source) for cell in lesson.cells]
        lines += [
            f"- ☐ {title[1]} ({title[2]}) {title[3]}: ______________________________" for title in titles if title
        ]
        lines += ["", "One number from this lesson, with the words behind it: ________________________", ""]
        lines += ["What I can **not** conclude: ____________________________________________", ""]
    return "\n".join(lines).rstrip() + "\n"


def write_answer_key(lessons: dict[str, NotebookNode]) -> str:
    """Write the key: worked solutions, known wrong turns with what they mean, and the answers of the quizzes."""
    lines = [
        MADE,
        "",
        "# Answer key",
        "",
        "Each worked solution, and under it what a wrong answer means. Lines that the students see are left out.",
        "",
    ]
    for lesson in lessons.values():
        lines += [f"## {lesson.cells[0].source.splitlines()[0].removeprefix('# ')}", ""]
        for cell in lesson.cells:
            tags = cell.metadata.get("tags", [])
            if "exercise" in tags and cell.source.startswith("### "):
                lines += [cell.source.split("\n\n<details>")[0], ""]
            elif "solution" in tags:
                seen = set(blank(cell.source).splitlines()) | {""}
                lines += ["```python", *(line for line in cell.source.splitlines() if line not in seen), "```", ""]
            elif "turns" in tags:
                lines += [cell.source, ""]
            elif "quiz" in tags:
                quiz = re.sub(r"<summary>.*?</summary>|</details>", "", cell.source)
                lines += [re.sub(r"<details>\s*", "*Answer:* ", quiz).replace("## Quiz", "### Quiz"), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def write_common_errors() -> str:
    """Run the faults of ``errors.toml`` and write the message that comes, with its mend."""
    faults = tomllib.loads((TEACHING / "errors.toml").read_text(encoding="utf-8"))
    lines = [
        MADE,
        "",
        "# Common errors",
        "",
        faults["about"],
        "",
    ]
    for fault in faults["error"]:
        code = fault["code"].strip()
        lines += [
            f"## {fault['when']}",
            "",
            "```python",
            code,
            "```",
            "",
            "```text",
            said_by(code),
            "```",
            "",
            fault["mend"],
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


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


def write_kit() -> dict[Path, str]:
    """Make every page of the kit from the lessons as they stand, without writing a file.

    Returns
    -------
    dict of Path to str
    """
    import nbformat

    lessons = {path.stem: nbformat.read(path, as_version=4) for path in sorted(SOLUTIONS.glob("*.ipynb"))}
    return {
        TEACHING / "plans.md": write_plans(lessons),
        TEACHING / "student_sheet.md": write_student_sheet(lessons),
        TEACHING / "answer_key.md": write_answer_key(lessons),
        TEACHING / "common_errors.md": write_common_errors(),
    }


def write_teaching() -> list[Path]:
    """Write the lessons with blanks and the pages of the kit, and return the files."""
    pages = write_kit()
    for path, page in pages.items():
        path.write_text(page, encoding="utf-8", newline="\n")
    return [*write_lessons(), *pages]
