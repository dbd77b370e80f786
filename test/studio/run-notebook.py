"""Runs a notebook in its own folder and writes it with its outputs: run-notebook.py IN OUT. A cell that raises fails it."""

import os
import sys

import nbformat
from nbclient import NotebookClient

source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
folder = os.path.dirname(os.path.abspath(source))
NotebookClient(notebook, timeout=60, resources={"metadata": {"path": folder}}).execute()
nbformat.write(notebook, target)
