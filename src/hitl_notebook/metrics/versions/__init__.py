"""Two versions of a model, judged by the same reviews."""
