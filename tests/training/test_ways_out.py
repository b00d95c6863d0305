"""A training set in the forms that other trainers read, each read back by its own library.

Those that bring heavy libraries with them: ``pip install "hitl-notebook[hf,mlflow]"``, then ``pytest tests/training -m
campaign``.
"""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score

import hitl_notebook as hitl
from hitl_notebook.errors import BadColumn, ExportExists
from hitl_notebook.training import (
    Manifest,
    bunch,
    hugging_face_dataset,
    log_to_mlflow,
    rebuild,
    retrain,
    training_set,
    write_chat_lines,
)
from tests.training.sessions import SILENT, numbers, review_in_turn, session_over

TEXTS = ["Win!", "At ten?\u2028Yes", "=1+1", "half \ud800", "😀 مرحبا"]
VALUES = ["yes", "no", "yes", "no", "yes"]


@pytest.fixture
def session():
    with session_over(5, order="given") as session:
        review_in_turn(session, VALUES, 5)
        yield session


def test_scikit_learn_takes_a_bunch_as_it_takes_its_own():
    X, values = numbers(120)
    with session_over(120) as session:
        review_in_turn(session, values, 120)
        data = bunch(training_set(session, pd.DataFrame(X, columns=["a", "b"]), say=SILENT), session.task)
    folds = GroupKFold(4).split(data.data, data.target, data.groups)
    assert cross_val_score(LogisticRegression(), data.data, data.target, cv=list(folds)).mean() > 0.8
    assert (data.target_names, data.feature_names) == (["no", "yes"], ["a", "b"])
    assert data.target.tolist() == list(values)


def test_chat_lines_are_strict_json_with_every_character_as_it_was(session, tmp_path):
    rows = training_set(session, TEXTS, say=SILENT)
    path = tmp_path / "chat.jsonl"
    assert write_chat_lines(rows, session.task, path, system="Is it spam?") == 5
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b""
    for line, text, value in zip(lines, TEXTS, VALUES, strict=True):
        assert [tuple(message.values()) for message in json.loads(line)["messages"]] == [
            ("system", "Is it spam?"),
            ("user", text),
            ("assistant", value),
        ]
    with pytest.raises(ExportExists):
        write_chat_lines(rows, session.task, path)


def test_chat_lines_are_read_by_pandas(session, tmp_path):
    frame = pd.DataFrame({"question": [*TEXTS[:3], "d", "e"], "n": range(5)})
    path = tmp_path / "chat.jsonl"
    write_chat_lines(training_set(session, frame, say=SILENT), session.task, path, prompt="question")
    read = pd.read_json(path, lines=True)["messages"]
    assert [messages[0]["content"] for messages in read] == frame["question"].tolist()


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
@pytest.mark.parametrize(
    "prompt", ["question", lambda row: f"{row['n']}: {row['question']}"], ids=["column", "function"]
)
def test_chat_lines_are_a_line_for_each_row_of_a_frame_of_any_library(session, kind, prompt, tmp_path):
    frame = kind({"question": list("abcde"), "n": list(range(5))})
    path = tmp_path / "chat.jsonl"
    write_chat_lines(training_set(session, frame, say=SILENT), session.task, path, prompt=prompt)
    asked = [json.loads(line)["messages"][0]["content"] for line in path.read_text().splitlines()]
    assert asked == (list("abcde") if prompt == "question" else ["0: a", "1: b", "2: c", "3: d", "4: e"])


def test_an_earlier_conversation_is_what_is_asked(tmp_path):
    talk = [
        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "?"}, {"role": "user", "content": "Bye"}]
    ]
    task = hitl.MultiLabel(["late", "rude"])
    with session_over(1, predicted=[["late"]], order="given", task=task) as session:
        session.correct(0, ["late", "rude"])
        rows = training_set(session, talk, say=SILENT)
        write_chat_lines(rows, task, tmp_path / "chat.jsonl")
    messages = json.loads((tmp_path / "chat.jsonl").read_text())["messages"]
    assert messages[:-1] == talk[0]
    assert messages[-1] == {"role": "assistant", "content": '["late", "rude"]'}


def test_rows_that_ask_nothing_are_refused_before_there_is_a_file(session, tmp_path):
    rows = training_set(session, np.eye(5), say=SILENT)
    for prompt in (None, "question", lambda row: row):
        with pytest.raises(BadColumn):
            write_chat_lines(rows, session.task, tmp_path / "chat.jsonl", prompt=prompt)
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_not_there_is_named_with_its_extra():
    program = """
import sys
sys.modules["datasets"] = sys.modules["mlflow"] = None
import numpy as np
import hitl_notebook as hitl
session = hitl.ReviewSession([{"text": "Win!", "said": "spam"}], prediction="said", reviewer="ada", store=":memory:")
session.accept(0)
rows = hitl.training.training_set(session, np.eye(1), say=lambda said: None)
training = hitl.training
for way in (lambda: training.hugging_face_dataset(rows, session.task), lambda: training.log_to_mlflow(session)):
    try:
        way()
    except ImportError as error:
        print(error)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "hitl-notebook[hf]" in said and "hitl-notebook[mlflow]" in said


def test_importing_the_room_loads_none_of_the_libraries_that_it_leads_to():
    program = (
        "import sys, hitl_notebook.training; print({'sklearn', 'datasets', 'mlflow', 'altair'} & set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("X", "columns"),
    [
        ([*TEXTS[:3], "d", "e"], ["text"]),
        (np.eye(5), ["features"]),
        (pd.DataFrame({"a": range(5), "t": list("vwxyz")}), ["a", "t"]),
        (pl.DataFrame({"a": range(5)}), ["a"]),
    ],
    ids=["texts", "array", "frame", "polars"],
)
def test_hugging_face_reads_a_data_set_back_from_disk(session, X, columns, tmp_path):
    load_from_disk = pytest.importorskip("datasets").load_from_disk

    made = hugging_face_dataset(training_set(session, X, say=SILENT), session.task)
    made.save_to_disk(tmp_path / "set")
    read = load_from_disk(tmp_path / "set")
    assert read.column_names == [*columns, "label", "item_id", "sample_weight"]
    assert read.features["label"].names == ["no", "yes"]
    assert [read.features["label"].int2str(label) for label in read["label"]] == VALUES
    first = X[columns[0]] if hasattr(X, "columns") else X
    assert np.asarray(list(read[columns[0]])).tolist() == np.asarray(first).tolist()
    with pytest.raises(BadColumn, match="'label'"):
        hugging_face_dataset(training_set(session, pd.DataFrame({"label": range(5)}), say=SILENT), session.task)
    with pytest.raises(BadColumn, match="toarray"):
        hugging_face_dataset(training_set(session, sparse.csr_array(np.eye(5)), say=SILENT), session.task)


@pytest.mark.campaign
def test_hugging_face_reads_chat_lines(session, tmp_path):
    load_dataset = pytest.importorskip("datasets").load_dataset

    texts = [*TEXTS[:3], "d", TEXTS[4]]
    write_chat_lines(training_set(session, texts, say=SILENT), session.task, tmp_path / "chat.jsonl")
    read = load_dataset(
        "json", data_files=str(tmp_path / "chat.jsonl"), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert [messages[0]["content"] for messages in read["messages"]] == texts


@pytest.mark.campaign
def test_hugging_face_keeps_sets_of_labels_and_numbers():
    pytest.importorskip("datasets")
    task = hitl.MultiLabel(["late", "rude"])
    with session_over(2, predicted=[["late"], []], order="given", task=task) as session:
        session.correct(0, ["rude"])
        session.accept(1)
        assert list(hugging_face_dataset(training_set(session, ["a", "b"], say=SILENT), task)["label"]) == [
            [0, 1],
            [0, 0],
        ]
    with session_over(2, predicted=[1.5, 2.0], order="given", task=hitl.Regression()) as session:
        session.accept(0)
        rows = training_set(session, ["a", "b"], say=SILENT)
        assert list(hugging_face_dataset(rows, session.task)["label"]) == [1.5]


@pytest.mark.campaign
@pytest.mark.filterwarnings("default")  # of its own libraries
def test_mlflow_has_the_review_and_the_training_as_a_run(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow = pytest.importorskip("mlflow")
    mlflow.set_tracking_uri((tmp_path / "runs").as_uri())
    X, values = numbers(80)
    with session_over(80) as session:
        review_in_turn(session, values, 60)
        found = retrain(LogisticRegression(), session, X, say=SILENT)
        run_id = log_to_mlflow(session, found, run_name="digits")
        client = mlflow.MlflowClient()
        run = client.get_run(run_id)
        assert run.data.metrics["hitl.wins"] == found.comparison.wins
        assert run.data.metrics["hitl.difference.value"] == pytest.approx(found.comparison.difference.value)
        assert run.data.params["hitl.estimator"].endswith("LogisticRegression")
        assert run.info.run_name == "digits"
        charts = client.list_artifacts(run_id, "charts")
        assert {chart.path for chart in charts} == {f"charts/{name}.vl.json" for name in dir(session.charts)}
        agreed = session.decisions["agreed"].mean()
        assert run.data.metrics["hitl.accuracy.value"] == pytest.approx(agreed)
        assert run.data.metrics["hitl.accuracy.low"] < agreed < run.data.metrics["hitl.accuracy.high"]
        assert "Accuracy of the model" in mlflow.artifacts.load_text(f"runs:/{run_id}/figures.txt")
        text = mlflow.artifacts.load_text(f"runs:/{run_id}/manifest.json")
        assert rebuild(Manifest.from_json(text), session, X, say=SILENT).y.tolist() == found.training.y.tolist()
        with mlflow.start_run() as active:
            assert log_to_mlflow(session) == active.info.run_id
