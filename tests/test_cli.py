"""The command line: what it opens, what it refuses, and what it says of a store."""

import json
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.cli import main
from hitl_notebook.demo import NOTEBOOK


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "r.db"
    frame = pd.DataFrame({"text": ["a", "b", "c"], "predicted": ["ham", "spam", "ham"]})
    with hitl.ReviewSession(frame, prediction="predicted", reviewer="ada", store=path) as session:
        for item_id in range(3):
            session.accept(item_id)
    return path


def test_a_whole_log_is_verified(store, capsys):
    assert main(["verify", str(store)]) == 0
    assert "checkpoint" in capsys.readouterr().out, "it says what cannot be seen without one"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full, of Linux")
def test_a_whole_log_of_which_that_cannot_be_said_is_not_called_broken(store):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "hitl_notebook.cli", "verify", str(store)]
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "hitl-notebook: what there is to say cannot be written: No space left on device\n"


def test_a_key_without_the_checkpoint_that_it_signed_is_refused(store, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["verify", str(store), "--key-file", str(tmp_path / "key")])
    assert "--key-file needs --checkpoint" in capsys.readouterr().err


def test_a_changed_log_is_found_and_the_place_named(store, capsys):
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE events SET reviewer = 'bo' WHERE seq = 4")
    assert main(["verify", str(store)]) == 1
    assert "4" in capsys.readouterr().out


def test_a_failed_check_is_noted_in_the_log_and_fails_again(store, capsys):
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE events SET reviewer = 'bo' WHERE seq = 4")
    connection.close()
    before = store.read_bytes()
    assert main(["verify", str(store), "--read-only"]) == 1
    assert store.read_bytes() == before
    assert main(["verify", str(store)]) == 1
    assert "noted in the log of its session" in capsys.readouterr().out
    assert main(["verify", str(store)]) == 1
    assert "sequence number 4" in capsys.readouterr().out
    with hitl.ReviewSession.open(store) as session:
        assert session.log["kind"].tolist().count("verification_failed") == 2


def test_a_cut_tail_is_seen_against_a_checkpoint_only(store, tmp_path, capsys):
    (tmp_path / "key").write_text("secret")
    checkpoint = [str(tmp_path / "checkpoint.json"), "--key-file", str(tmp_path / "key")]
    assert main(["checkpoint", str(store), *checkpoint]) == 0
    with sqlite3.connect(store) as connection:
        connection.execute("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    assert main(["verify", str(store)]) == 0
    assert main(["verify", str(store), "--checkpoint", *checkpoint]) == 1
    capsys.readouterr()


def test_a_checkpoint_is_renewed_while_the_store_fits_it_and_nothing_else_is_overwritten(store, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["checkpoint", "--help"])
    assert "an earlier checkpoint of it there is renewed" in " ".join(capsys.readouterr().out.split())
    mark = tmp_path / "checkpoint.json"
    assert main(["checkpoint", str(store), str(mark)]) == 0
    first = json.loads(mark.read_text())
    with hitl.ReviewSession.open(store) as session:
        session._review.note("note", "ada", {})
    assert main(["checkpoint", str(store), str(mark)]) == 0
    assert json.loads(mark.read_text())["events"] == first["events"] + 1
    with sqlite3.connect(store) as connection:
        connection.execute("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    renewed = mark.read_text()
    assert main(["checkpoint", str(store), str(mark)]) == 2
    assert mark.read_text() == renewed
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    assert main(["checkpoint", str(store), str(other)]) == 2
    assert other.read_text() == "mine"


@pytest.mark.parametrize("place", ["nowhere/checkpoint.json", ""])
def test_a_checkpoint_that_cannot_be_written_is_refused_in_a_sentence(place, store, tmp_path, capsys):
    assert main(["checkpoint", str(store), str(tmp_path / place)]) == 2
    said = capsys.readouterr()
    assert str(tmp_path / place) in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("path", ["missing.db", "text.db"])
def test_what_is_no_store_is_refused_in_a_sentence(path, tmp_path, capsys):
    (tmp_path / "text.db").write_text("not a database at all, and long enough to be looked at" * 20)
    before = sorted(tmp_path.iterdir())
    assert main(["verify", str(tmp_path / path)]) == 2
    said = capsys.readouterr()
    assert path in said.err
    assert said.out == ""
    assert "COULD NOT BE CHECKED" in said.err
    assert "damaged" not in said.err.replace("its beginning is damaged", "")
    assert sorted(tmp_path.iterdir()) == before


def test_what_keeps_a_log_from_being_checked_is_said_and_noted_nowhere(store, tmp_path, capsys):
    for name, text in {"key": "secret", "another": "guess", "blank": " \n"}.items():
        (tmp_path / name).write_text(text)
    mark = str(tmp_path / "mark")
    assert main(["checkpoint", str(store), mark, "--key-file", str(tmp_path / "key")]) == 0
    before = store.read_bytes()
    capsys.readouterr()
    for checkpoint, key, says in [
        ("nark", "key", "not a checkpoint that can be read"),
        ("mark", None, "give its key"),
        ("mark", "another", "does not fit the key"),
        ("mark", "none", "cannot read the key"),
        ("mark", "blank", "blank"),
        ("key", "key", "not a checkpoint that can be read"),
    ]:
        key_file = [] if key is None else ["--key-file", str(tmp_path / key)]
        assert main(["verify", str(store), "--checkpoint", str(tmp_path / checkpoint), *key_file]) == 2
        said = capsys.readouterr()
        assert says in said.err
        assert said.out == ""
        assert store.read_bytes() == before


def test_no_checkpoint_is_signed_with_a_blank_key(store, tmp_path, capsys):
    (tmp_path / "blank").write_text("\n")
    assert main(["checkpoint", str(store), str(tmp_path / "mark"), "--key-file", str(tmp_path / "blank")]) == 2
    assert "blank" in capsys.readouterr().err
    assert not (tmp_path / "mark").exists()


def test_a_whole_log_says_how_many_contents_were_erased(store, capsys):
    assert main(["verify", str(store)]) == 0
    assert "erased" not in capsys.readouterr().out
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE events SET content = NULL, salt = NULL WHERE kind = 'decide'")
    connection.close()
    assert main(["verify", str(store)]) == 0
    assert "contents erased: 3;" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["99999", "-1", "0"])
def test_the_demo_says_what_a_port_is(port, tmp_path, capsys):
    assert main(["demo", "--no-browser", "--port", port, "--directory", str(tmp_path / "new")]) == 2
    said = capsys.readouterr().err
    assert f"{port} is no port" in said
    assert "from 1 to 65535" in said
    assert not (tmp_path / "new").exists()


def test_the_demo_refuses_a_taken_port_and_a_full_directory(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["demo", "--no-browser", "--port", port, "--directory", str(tmp_path / "new")]) == 2
    assert "taken" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["demo", "--no-browser", "--directory", str(tmp_path)]) == 2
    assert "--directory" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_demo_serves_its_notebook(tmp_path):
    directory = tmp_path / "demo"
    command = [sys.executable, "-m", "hitl_notebook.cli", "demo", "--no-browser", "--directory", str(directory)]
    command += ["--port", str(free_port())]
    with (tmp_path / "log").open("w+") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            address = wait_for_address(tmp_path / "log", server)
            base, _, token = address.partition("?")
            contents = f"{base.split('/lab')[0]}/api/contents/{NOTEBOOK}?{token}"
            assert json.loads(fetched(contents, server))["type"] == "notebook"
        finally:
            server.terminate()
            server.wait(timeout=30)
    assert [path.name for path in directory.glob("*.ipynb")] == [NOTEBOOK]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_address(log: Path, server: "subprocess.Popen[bytes]") -> str:
    deadline = monotonic() + 90
    while monotonic() < deadline and server.poll() is None:
        for word in log.read_text().split():
            if word.startswith("http://127.0.0.1") and "token=" in word:
                return word
        sleep(0.2)
    raise AssertionError(log.read_text())


def fetched(address: str, server: "subprocess.Popen[bytes]") -> bytes:
    # The address is printed a moment before the server listens there.
    deadline = monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
                return bytes(answer.read())
        except urllib.error.URLError:
            if monotonic() > deadline or server.poll() is not None:
                raise
            sleep(0.2)
