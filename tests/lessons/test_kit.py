"""The teacher's kit and the exercises are those that the lessons give, and say what really happens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nbformat
import pandas as pd
import pytest
from nbformat import v4

import helpers
from helpers.lessons import check_answer
from helpers.paths import NOTEBOOKS, SOLUTIONS
from notebooks.building import kit
from notebooks.building.blanks import make_lesson
from notebooks.building.kit import (
    TEACHING,
    Section,
    check_plan,
    list_sections,
    make_kit,
    read_card,
    read_lessons,
    read_plans,
    said_by,
)

if TYPE_CHECKING:
    from pathlib import Path

ONE = pd.DataFrame({"kind": ["direct", "indirect"]})
LESSONS = sorted(SOLUTIONS.glob("*.ipynb"))
CARD = (
    "# 01 · Load\n\n| | |\n|---|---|\n| **Question** | What? |\n| **You will be able to** | load |\n"
    "| **Minutes** | 40 |\n| **Know before** | nothing |"
)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_lesson_with_blanks_is_made_from_the_solved_one(path: Path) -> None:
    made = make_lesson(nbformat.read(path, as_version=4))
    committed = nbformat.read(NOTEBOOKS / path.name, as_version=4)
    assert committed == made, "run: python -m notebooks.building teaching"


def test_there_is_no_lesson_without_a_solved_copy() -> None:
    assert {path.name for path in NOTEBOOKS.glob("*.ipynb")} == {path.name for path in LESSONS}


def test_the_pages_of_the_kit_are_those_that_the_lessons_give() -> None:
    for path, page in make_kit(read_lessons()).items():
        assert path.read_text(encoding="utf-8") == page, (
            f"{path.name} is out of date: run python -m notebooks.building teaching"
        )


def test_every_word_of_the_glossary_is_used_in_a_lesson() -> None:
    page = (TEACHING / "glossary.md").read_text(encoding="utf-8")
    glossary = re.findall(r"^\| <a id=\"[\w-]+\"></a>\*\*(.+?)\*\* \|.*\(\.\./(.+?\.ipynb)\) \|$", page, re.MULTILINE)
    assert len(glossary) > 40
    read = " ".join(cell.source for path in LESSONS for cell in nbformat.read(path, as_version=4).cells).lower()
    read = re.sub(r"[-_]", " ", read)
    unused = [
        words
        for words, _ in glossary
        if not any(re.sub(r"[-_]", " ", word.strip().lower()) in read for word in words.split(","))
    ]
    assert not unused


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_term_links_to_the_glossary_where_it_first_appears(path: Path) -> None:
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    linked = re.findall(r"\]\(\.\./teaching/glossary\.md#([\w-]+)\)", text)
    assert linked
    assert len(linked) == len(set(linked)), "one link a term: where it first appears"


def test_the_plans_name_the_content_note_and_every_lesson() -> None:
    plans = (TEACHING / "plans.md").read_text(encoding="utf-8")
    assert "## Content note" in plans
    assert all(f"## {minutes} minutes" in plans for minutes in (45, 90, 180))
    assert all(path.name in plans for path in LESSONS)


def test_the_recipes_of_the_cheat_sheet_run() -> None:
    page = (TEACHING / "cheat_sheet.md").read_text(encoding="utf-8")
    recipes = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(recipes) == 3
    namespace: dict[str, object] = {}
    for recipe in recipes:
        *steps, last = recipe.strip().rsplit("\n", 1)
        exec("\n".join(steps), namespace)  # noqa: S102 - our own recipes
        assert len(eval(last, namespace)), last  # noqa: S307


def test_the_recipe_of_the_checklist_runs() -> None:
    page = (TEACHING / "to_your_paper.md").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert '"FOLDER"' in recipe
    *steps, last = recipe.replace('"FOLDER"', 'DATA / "articles"').strip().rsplit("\n", 1)
    namespace: dict[str, object] = {"DATA": helpers.DATA}
    exec("\n".join(steps), namespace)  # noqa: S102 - our own recipe
    assert len(eval(last, namespace))  # noqa: S307


def test_the_verbs_and_columns_of_the_cheat_sheet_are_there() -> None:
    page = (TEACHING / "cheat_sheet.md").read_text(encoding="utf-8")
    verbs = set(re.findall(r"(\w+)\(", page.split("| table |")[0])) - {"help"}
    assert verbs <= set(helpers.__all__)
    articles = helpers.load_articles(helpers.DATA / "mali").articles
    statements = helpers.extract_statements(articles)
    plan = {"by": "speaker_type", "unit": "doc_id", "repeats": 2}
    tables = {
        "articles": articles,
        "statements": statements,
        "stance": helpers.code_stance(statements),
        "frames": helpers.code_frames(statements),
        "shares": helpers.shares(statements, "kind", **plan),
        "differences": helpers.differences(statements, "kind", **plan),
    }
    for name, columns in re.findall(r"^\| `(\w+)` \| [^|]+ \| (`.+) \|$", page, re.MULTILINE):
        assert set(re.findall(r"`(\w+)`", columns)) <= set(tables.pop(name)), name
    assert not tables


def test_the_readme_gives_the_minutes_of_the_cards() -> None:
    minutes = {name: str(read_card(name, lesson).minutes) for name, lesson in read_lessons().items()}
    readme = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    given = dict(re.findall(r"\(notebooks/(\w+)\.ipynb\) \| .*? \| (\d+) \|", readme))
    assert given == minutes


def test_a_card_gives_its_rows_and_its_exercises() -> None:
    exercise = v4.new_markdown_cell("### Exercise 01-1 · easy: Count them", metadata={"tags": ["exercise"]})
    card = read_card("01_load", v4.new_notebook(cells=[v4.new_markdown_cell(CARD), exercise]))
    assert (card.title, card.question, card.able, card.minutes, card.before) == (
        "01 · Load",
        "What?",
        "load",
        40,
        "nothing",
    )
    assert card.exercises == (("01-1", "easy", "Count them"),)


def test_a_lesson_without_minutes_is_an_error_that_says_so() -> None:
    card = CARD.replace("| **Minutes** | 40 |\n", "")
    with pytest.raises(ValueError, match=r"01_load.*Minutes"):
        read_card("01_load", v4.new_notebook(cells=[v4.new_markdown_cell(card)]))


def test_a_section_counts_its_cells_and_says_what_appears() -> None:
    table = "<table><thead><tr><th></th><th>kind</th><th>n</th></tr></thead><tbody><tr><th>0</th></tr></tbody></table>"
    figure = '<img alt="Bars of kinds. direct: 3" src="data:image/png;base64,AAAA">'
    cells = [
        v4.new_markdown_cell("## Kinds\n\n**Stop and think.** Which is\nmost frequent?"),
        *(
            v4.new_code_cell("x", outputs=[v4.new_output("display_data", data={"text/html": page})])
            for page in (table, figure)
        ),
        v4.new_markdown_cell("## Only words"),
        v4.new_code_cell("y", metadata={"tags": ["solution"]}),
    ]
    sections = list_sections(v4.new_notebook(cells=cells))
    assert sections == [Section("Kinds", 2, ["table kind, n", "figure “Bars of kinds”"], ["Which is most frequent?"])]


def test_a_question_above_a_heading_belongs_to_the_section_before_it() -> None:
    cells = [
        v4.new_markdown_cell("## Kinds"),
        v4.new_code_cell("x"),
        v4.new_markdown_cell("**Stop and think.** Which is most frequent?\n\n## Names\n\n**Before you go on:** guess."),
        v4.new_code_cell("y"),
    ]
    assert list_sections(v4.new_notebook(cells=cells)) == [
        Section("Kinds", 1, [], ["Which is most frequent?"]),
        Section("Names", 1, [], ["guess."]),
    ]


def test_a_cross_table_is_named_by_its_sides() -> None:
    head = "<tr><th>source</th><th>The Herald</th></tr><tr><th>format</th><th></th></tr>"
    page = f"<table><thead>{head}</thead><tbody><tr><th>CSV</th><td>6</td></tr></tbody></table>"
    cell = v4.new_code_cell("x", outputs=[v4.new_output("display_data", data={"text/html": page})])
    assert list_sections(v4.new_notebook(cells=[v4.new_markdown_cell("## Formats"), cell])) == [
        Section("Formats", 1, ["table of format by source"], [])
    ]


def test_the_answer_stands_on_the_key() -> None:
    said = v4.new_output(
        "display_data", data={"text/markdown": str(check_answer("00-2", 1, within={"statements": ONE}))}
    )
    cell = v4.new_code_cell("n = 1\ncheck_answer('00-2', n)", outputs=[said], metadata={"tags": ["solution"]})
    assert kit.list_answers(v4.new_notebook(cells=[cell]))[1] == "**Answer:** `1`"


def test_what_to_say_after_a_right_answer_is_not_under_wrong_answers() -> None:
    turns = "**If your answer differs**\n\n- Not `n + 1`: one too many.\n- Next: Count again."
    cell = v4.new_markdown_cell(turns, metadata={"tags": ["turns"]})
    (block,) = kit.list_answers(v4.new_notebook(cells=[cell]))
    assert block.endswith("one too many.\n\n**When it is right, say or ask:** Count again.")


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"minutes": 44, "do": "", "expect": ""}, "take 44 minutes"),
        ({"minutes": 45, "lesson": "77", "do": "", "expect": ""}, "'77'"),
        ({"minutes": 45, "do": "Exercise 01-1, then 01-7.", "expect": ""}, "'01-7'"),
    ],
)
def test_a_plan_must_add_up_and_name_what_is_there(step: dict[str, object], message: str) -> None:
    exercise = v4.new_markdown_cell("### Exercise 01-1 · easy: Count them", metadata={"tags": ["exercise"]})
    card = read_card("01_load", v4.new_notebook(cells=[v4.new_markdown_cell(CARD), exercise]))
    with pytest.raises(ValueError, match=message):
        check_plan({"title": "Short", "minutes": 45, "step": [step]}, {"01_load": card})


def test_the_sections_that_a_plan_names_are_in_its_lesson() -> None:
    lessons = read_lessons()
    headings = {name: {part.heading for part in list_sections(lesson)} for name, lesson in lessons.items()}
    plans = read_plans({name: read_card(name, lesson) for name, lesson in lessons.items()})
    steps = [step for plan in plans["plan"] for step in plan["step"] if step["file"]]
    named = [(step["file"], heading) for step in steps for heading in re.findall(r"\*([A-Z][^*]+)\*", step["do"])]
    assert named
    assert [(file, heading) for file, heading in named if heading not in headings[file]] == []


def test_a_fault_leaves_no_file_behind_and_its_message_is_the_real_one() -> None:
    assert said_by('open("made.txt", "w").close()\n1 / 0') == "ZeroDivisionError: division by zero"
    assert said_by("1 + 1") == "2"
