"""`tillit kb`: care of the shipped documents, for those who write them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("kb", help="check and maintain the shipped documents")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check_parser = actions.add_parser("check", parents=[parent], help="print every problem of the documents")
    stamp_parser = actions.add_parser("stamp", parents=[parent], help="mark translations as brought up to date")
    stamp_parser.add_argument("ids", nargs="+", metavar="ID", help="documents whose translations were read again")
    profiles = actions.add_parser(
        "profiles", parents=[parent], help="train language profiles and compounds on the documents"
    )
    for action, run in ((check_parser, check), (stamp_parser, stamp), (profiles, train_profiles)):
        action.add_argument("--folder", type=Path, help="another folder of documents than the shipped one")
        action.set_defaults(run=run)


def check(args: argparse.Namespace) -> int:
    """Print the problems of the documents, file and line first, and of the glossary; exit code 1 if there are any."""
    from kb.check import check_documents
    from kb.shipped import documents_folder
    from kb.words.glossary import check_glossary, glossary_folder, load_glossary

    folder = args.folder or documents_folder()
    problems = check_documents(folder)
    for problem in problems:
        print(f"{problem.path}:{problem.line}: {problem.message}")
    print(f"{len(problems)} problem{'' if len(problems) == 1 else 's'} in {folder}")
    wrong = check_glossary(load_glossary())
    for sentence in wrong:
        print(sentence)
    if wrong:
        print(f"{len(wrong)} problem{'' if len(wrong) == 1 else 's'} in {glossary_folder()}")
    return 1 if problems or wrong else 0


def stamp(args: argparse.Namespace) -> int:
    """Stamp the translations of some documents with their English text."""
    from kb.shipped import stamp_translations

    changed = stamp_translations(args.folder, args.ids)
    for path in changed:
        print(f"stamped {path}")
    print(f"{len(changed)} stamped")
    return 0


def train_profiles(args: argparse.Namespace) -> int:
    """Write the language profiles and the words of the compounds anew."""
    from importlib.resources import files

    from kb.language import PROFILES, train
    from kb.shipped import load_shipped
    from kb.vocabulary import LANGUAGES
    from kb.words import compounds

    groups = load_shipped(args.folder)
    texts = {code: [d.text for group in groups for d in group if d.language == code] for code in LANGUAGES}
    package = Path(str(files("kb")))
    written = {
        package / PROFILES: train(texts),
        package / "words" / compounds.DATA: compounds.train(compounds.texts(args.folder)),
    }
    for path, content in written.items():
        path.write_bytes(content)
        print(f"wrote {path} ({len(content) // 1024} KiB)")
    return 0
