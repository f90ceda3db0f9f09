"""Faces of the index: the command line and HTTP."""
