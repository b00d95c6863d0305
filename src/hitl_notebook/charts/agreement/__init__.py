"""Reviewers beside each other, drawn."""
