"""The command line: `tillit COMMAND`. Parses, calls the core, and turns errors into exit codes.

0 done (a refusal too), 1 a check said no, 2 usage, 3 an error that is told in one sentence.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from kb.errors import KBError

COMMANDS = (
    "ui", "ask", "search", "build", "ingest", "quarantine", "remove", "status", "show", "doctor", "backup",
    "restore", "activity", "glossary", "kb", "models", "settings", "bench", "eval",
)  # fmt: skip
"""Each is a module under `app.commands` with `add_parser(subparsers, common)`."""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="tillit", description="Cited answers from a knowledge base on trust reform in the public sector."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", metavar="FOLDER", help="data folder (else TILLIT_DATA, else the user data folder)")
    common.add_argument("--quiet", action="store_true", help="show no progress")
    common.add_argument("--debug", action="store_true", help="log more, and show where an unexpected error arose")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        import_module(f"app.commands.{name}").add_parser(subparsers, common)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from kb.knowledge_base import program_version

        print(f"tillit {program_version()}")
        parser.exit(0)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = build_parser().parse_args(argv)
    logging.basicConfig(
        level=logging.DEBUG if args.debug else logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except KBError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Stopped. Nothing that was acknowledged is lost.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if args.debug:
            raise
        return _fail(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.")
    except Exception as error:
        if args.debug:
            raise
        return _fail(f"Tillit failed unexpectedly ({type(error).__name__}: {error}). --debug shows where.")


def _fail(message: str, code: int = 3) -> int:
    print(f"error: {message}", file=sys.stderr)
    return code


def entry_point() -> None:
    """Run the command line as a program."""
    gc.set_threshold(50_000)  # at the default a fifth of what imports take goes into looking for garbage
    code = main()
    gc.freeze()  # else all that was imported is looked through at the end, which takes half a second
    sys.exit(code)


if __name__ == "__main__":
    entry_point()
