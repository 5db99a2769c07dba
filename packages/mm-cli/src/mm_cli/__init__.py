"""micromamba, re-made in Python: the command that composes the mm distributions."""
