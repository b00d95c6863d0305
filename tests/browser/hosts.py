"""The hosts that one Jupyter server has."""

import pytest

in_lab_and_notebook = pytest.mark.parametrize("shared_notebook", ["lab", "notebook"], indirect=True)
"""Runs a test in JupyterLab and in Notebook 7."""
