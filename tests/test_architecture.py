"""The house rules: which way imports run, what loads what, how long a file may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAY_IMPORT = {
    "kb": {"kb"},
    "ingest": {"ingest", "kb"},
    "eval": {"eval", "kb"},
    "app": {"app", "eval", "ingest", "kb"},
    "streamlit_app": {"app"},
}
HEAVY = ("torch", "chromadb", "llama_index", "streamlit", "sentence_transformers", "transformers")
ADAPTERS = {"ingest/pipeline.py", "kb/store/chroma.py", "kb/retrieval/llamaindex.py"}
PAGES = {path.relative_to(ROOT).as_posix() for path in (ROOT / "app" / "pages").glob("*.py")}
DRAWN = ("facets", "frame", "one_document", "own_documents", "shortlist", "source", "turn", "upload_form")
DRAWING = {f"app/{name}.py" for name in DRAWN}
"""What pages share of what they draw."""
SOURCES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "streamlit_app.py", *(p for part in MAY_IMPORT for p in (ROOT / part).rglob("*.py"))]
)


def imports_of(path: Path, top_level_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(tree.body) if top_level_only else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("source", SOURCES)
def test_imports_run_downwards(source):
    layer = source.split("/")[0].removesuffix(".py")
    ours = {name.split(".")[0] for name in imports_of(ROOT / source)} & set(MAY_IMPORT)
    assert ours <= MAY_IMPORT[layer]


TESTS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("source", [*SOURCES, *TESTS])
def test_a_file_has_at_most_350_lines(source):
    assert len((ROOT / source).read_text(encoding="utf-8").splitlines()) <= 350


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_imports_an_adapter_at_module_level(source):
    adapters = {adapter.removesuffix(".py").replace("/", ".") for adapter in ADAPTERS}
    assert not imports_of(ROOT / source, top_level_only=True) & adapters


@pytest.mark.parametrize("source", [s for s in SOURCES if not s.startswith(("app/", "streamlit_app"))])
def test_only_the_app_imports_streamlit(source):
    assert "streamlit" not in {name.split(".")[0] for name in imports_of(ROOT / source)}


def test_no_module_but_an_adapter_loads_a_heavy_library():
    heavy = ADAPTERS | PAGES | DRAWING | {"streamlit_app.py"}
    light = [s for s in SOURCES if s not in heavy and not s.endswith("__main__.py")]
    modules = [s.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for s in light]
    program = (
        f"import sys, importlib\nfor name in {modules!r}:\n    importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert result.stdout.strip() == "[]"


def test_help_loads_neither_numpy_nor_pydantic():
    program = (
        "import sys\nfrom app.cli import build_parser\nbuild_parser()\n"
        f"print([name for name in {(*HEAVY, 'numpy', 'pydantic')!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert result.stdout.strip() == "[]"


def test_the_child_that_reads_a_file_loads_nothing_that_it_does_not_use():
    unused = (*HEAVY, "numpy", "pydantic", "yaml", "sqlite3")
    program = (
        "import importlib, sys\nfrom ingest.worker import READERS\n"
        "for name in READERS.values():\n    importlib.import_module(name)\n"
        f"print([name for name in {unused!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert result.stdout.strip() == "[]"


def test_a_command_ends_without_a_search_for_garbage_in_what_it_loaded():
    program = (
        "import atexit, gc, sys\nfrom app.cli import entry_point\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > len(gc.get_objects())))\n"
        "sys.argv = ['tillit', 'settings']\nentry_point()"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert result.stdout.splitlines()[-1] == "True"
