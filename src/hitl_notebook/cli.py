"""``hitl-notebook``: the demo, and the check of a store's log."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hitl_notebook.errors import HitlError
from hitl_notebook.version import __version__

if TYPE_CHECKING:
    from hitl_notebook.store import Verification

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 when it did what was asked, 1 for a broken log, 2 when it could not.

    A log that cannot be checked, for want of the store, the checkpoint or its key, is not called broken, nor is one of
    which it cannot be written how it stands.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.run is _verify and options.key_file is not None and options.checkpoint is None:
        parser.error("--key-file needs --checkpoint: the key is that of a checkpoint")
    try:
        return int(options.run(options))
    except HitlError as error:
        print(f"hitl-notebook: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hitl-notebook", description=__doc__)
    parser.add_argument("--version", action="version", version=f"hitl-notebook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="open the demo: real predictions waiting for review, in JupyterLab")
    demo.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    demo.add_argument("--port", type=int, default=None, help="the port to listen on; left out, a free one")
    demo.add_argument(
        "--directory",
        type=Path,
        default=Path("hitl-demo"),
        help="where the notebook and its reviews go (default: %(default)s)",
    )
    demo.set_defaults(run=_demo)

    verify = commands.add_parser("verify", help="check a store's log, and say where its chain breaks")
    verify.add_argument("store", help="path or SQLAlchemy URL")
    verify.add_argument("--checkpoint", type=Path, help="a checkpoint written earlier: shows a cut tail, an old copy")
    verify.add_argument("--key-file", type=Path, help="the key that the checkpoint was signed with")
    verify.add_argument("--read-only", action="store_true", help="do not note in the log that it did not verify")
    verify.set_defaults(run=_verify)

    checkpoint = commands.add_parser("checkpoint", help="note down where a store's log stands, to verify it later")
    checkpoint.add_argument("store", help="path or SQLAlchemy URL")
    checkpoint.add_argument(
        "file", type=Path, help="kept outside the store; an earlier checkpoint of it there is renewed, if it still fits"
    )
    checkpoint.add_argument("--key-file", type=Path, help="sign the checkpoint with the key in this file")
    checkpoint.set_defaults(run=_checkpoint)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from hitl_notebook.demo import open_demo

    return open_demo(options.directory, port=options.port, browser=not options.no_browser)


def _verify(options: argparse.Namespace) -> int:
    from hitl_notebook.store import verify

    verification = verify(options.store, checkpoint=options.checkpoint, key=_key(options.key_file))
    if not verification.ok and not verification.is_broken:
        print(f"{verification.store}: COULD NOT BE CHECKED. Whether its log is whole is not known.", file=sys.stderr)
        for line in verification.problems:
            print(f"- {line}", file=sys.stderr)
        return 2
    count = f"Events: {verification.events:,}; sessions: {verification.sessions:,}; draws: {verification.draws:,}"
    if verification.erased:
        count += f"; contents erased: {verification.erased:,}"
    if verification.ok:
        _say(f"{verification.store}: whole. {count}; the log ends in {verification.head}.")
    else:
        _say(f"{verification.store}: NOT AS IT WAS WRITTEN. {count}.")
        if verification.first_bad_seq is not None:
            _say(f"The first event that is wrong has the sequence number {verification.first_bad_seq}.")
    for line in (*verification.problems, *verification.notes):
        _say(f"- {line}")
    if not verification.ok and not options.read_only:
        _note_failure(options.store, verification)
    return 0 if verification.ok else 1


def _say(line: str) -> None:
    try:
        print(line, flush=True)
    except OSError as error:
        # What is left to be written would fail once more, and with another exit status, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise HitlError(f"what there is to say cannot be written: {error.strerror}") from error


def _note_failure(store: str, verification: "Verification") -> None:
    from hitl_notebook.names import reviewer_name
    from hitl_notebook.store import note_failure

    try:
        count = note_failure(store, verification, reviewer_name())
    except HitlError as problem:
        _say(f"This could not be noted in the log: {problem}")
    else:
        _say(f"This was noted in the log of {'its session' if count == 1 else f'each of its {count:,} sessions'}.")


def _checkpoint(options: argparse.Namespace) -> int:
    from hitl_notebook.store import write_checkpoint

    write_checkpoint(options.store, options.file, key=_key(options.key_file))
    _say(f"Wrote {options.file}. Keep it where whoever can change the store cannot change it.")
    return 0


def _key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise HitlError(f"cannot read the key in {path}: {error.strerror}") from error
    if not key:
        raise HitlError(f"the key in {path} is blank: anybody could sign with it")
    return key


if __name__ == "__main__":
    sys.exit(main())
