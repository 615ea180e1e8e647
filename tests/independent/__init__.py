"""Servers that others wrote, judged by the contract tests, and what comes out."""
