"""Runware's format: an array of tasks in, results and errors by task out."""
