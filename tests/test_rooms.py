"""The library is a house of rooms: data flows one way through them, and no room imports from one further on."""

import ast
import pydoc
from graphlib import TopologicalSorter

import pytest

import helpers
from helpers.paths import ROOT

ORDER = [
    "paths",
    "inputs",
    "codebook",
    "articles",
    "statements",
    "coding",
    "topics",
    "validity",
    "figures",
    "report",
    "lessons",
    "check",
]
HELPERS = ROOT / "helpers"
MODULES = sorted(path for path in HELPERS.rglob("*.py") if path.parent != HELPERS or path.stem in ORDER)


def imported(path):
    """Return the modules of the house that a module imports, for running or for types."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers.")]
    found = set()
    for node in froms:
        module = node.module.removeprefix("helpers.")
        for name in node.names:
            inside = HELPERS / module.replace(".", "/") / f"{name.name}.py"
            found.add(f"{module}.{name.name}" if inside.is_file() else module)
    return sorted(found)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(HELPERS).as_posix())
def test_no_module_imports_from_a_room_further_on(path):
    own = path.relative_to(HELPERS).with_suffix("").parts[0]
    later = ORDER[ORDER.index(own) + 1 :]
    assert [name for name in imported(path) if name.partition(".")[0] in later] == []


def test_no_module_needs_itself():
    def name(path):
        return ".".join(path.relative_to(HELPERS).with_suffix("").parts).removesuffix(".__init__")

    TopologicalSorter({name(path): imported(path) for path in MODULES}).prepare()


def test_the_top_level_holds_the_verbs_the_commands_and_little_else():
    assert {path.stem for path in HELPERS.glob("*.py")} == {"__init__", "__main__", "check", "inputs", "paths"}


def test_the_library_shows_its_verbs_and_neither_rooms_nor_what_it_needs():
    verbs = set(helpers.__all__)
    assert {"DATA", "load_articles", "extract_statements", "code_stance", "fit_topics", "shares", "plot_bars"} < verbs
    assert {getattr(helpers, name).__module__.partition(".")[0] for name in verbs - {"DATA"}} == {"helpers"}
    shown = pydoc.plain(pydoc.render_doc(helpers)).partition("FUNCTIONS")[2].partition("\nDATA")[0]
    assert all(f"    {name}(" in shown for name in verbs - {"DATA"})


def test_a_face_of_a_room_only_passes_on():
    for face in HELPERS.glob("*/__init__.py"):
        kinds = {type(node) for node in ast.parse(face.read_text(encoding="utf-8")).body}
        assert kinds <= {ast.Expr, ast.ImportFrom, ast.Assign}, face


def test_the_library_needs_nothing_outside_of_it():
    for path in HELPERS.rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        roots = {(node.module or "").partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
        assert not roots & {"data", "notebooks", "tests"}, path
