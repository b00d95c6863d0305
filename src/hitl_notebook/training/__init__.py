"""From reviews to the next model: rows to train on, the training, what it is worth, and ways out to other trainers."""

from hitl_notebook.training.chat_lines import write_chat_lines
from hitl_notebook.training.hugging_face import hugging_face_dataset
from hitl_notebook.training.manifest import Manifest
from hitl_notebook.training.mlflow_run import log_to_mlflow
from hitl_notebook.training.rebuilding import rebuild
from hitl_notebook.training.retrained import Retrained
from hitl_notebook.training.retraining import retrain
from hitl_notebook.training.reviewed_rows import TrainingSet, training_set
from hitl_notebook.training.sklearn_bunch import bunch

__all__ = [
    "Manifest",
    "Retrained",
    "TrainingSet",
    "bunch",
    "hugging_face_dataset",
    "log_to_mlflow",
    "rebuild",
    "retrain",
    "training_set",
    "write_chat_lines",
]
