"""Tests: the vectors of the specification, and clients against scripted servers."""
