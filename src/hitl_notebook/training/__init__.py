"""From reviews to the next model: rows to train on, the training, and what it is worth."""

from hitl_notebook.training.manifest import Manifest
from hitl_notebook.training.rebuilding import rebuild
from hitl_notebook.training.retrained import Retrained
from hitl_notebook.training.retraining import retrain
from hitl_notebook.training.reviewed_rows import TrainingSet, training_set

__all__ = ["Manifest", "Retrained", "TrainingSet", "rebuild", "retrain", "training_set"]
