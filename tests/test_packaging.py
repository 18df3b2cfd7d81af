"""The wheel, installed in a fresh environment, runs from another folder with all its data."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The wheel, and what was said while it was built."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    return next(folder.glob("tillit-*.whl")), told.stdout + told.stderr


@pytest.fixture(scope="module")
def wheel(built: tuple[Path, str]) -> Path:
    return built[0]


@pytest.mark.slow
def test_the_wheel_is_built_without_a_complaint(built):
    assert "would be ignored" not in built[1]
    assert "Deprecat" not in built[1]


@pytest.mark.slow
def test_the_wheel_holds_all_documents_and_nothing_else_of_the_repository(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert len([name for name in names if name.startswith("kb/documents/") and name.endswith(".md")]) == 4 * 246
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "app",
        "eval",
        "ingest",
        "kb",
        "streamlit_app.py",
    }


@pytest.mark.slow
@pytest.mark.model
def test_tillit_runs_from_the_wheel_in_another_folder(wheel, tmp_path, shipped_data):
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", str(environment)], check=True)
    site = subprocess.run(
        [sys.executable, "-c", "import site; print(site.getsitepackages()[0])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    packages = next((environment / "lib").glob("python*/site-packages"))
    (packages / "shared.pth").write_text(site + "\n")
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--force-reinstall", str(wheel)], check=True)
    tillit = environment / "bin" / "tillit"
    version = subprocess.run([tillit, "--version"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert version.stdout.startswith("tillit ")
    check = subprocess.run([tillit, "kb", "check"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert check.stdout == f"0 problems in {packages / 'kb' / 'documents'}\n"
    command = [tillit, "ask", "Hvordan fik gartnerne på Bornholm mere frihed?", "--data", str(shipped_data)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "7 cm" in answer.stdout
