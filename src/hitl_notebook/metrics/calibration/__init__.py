"""Calibration: what the model's confidence is worth, by the reviewers' verdicts."""
