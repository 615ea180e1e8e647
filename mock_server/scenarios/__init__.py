"""Answers that a person wrote beforehand: rules on what is asked, and what is then answered."""
