"""Tests without a server: the vectors of the specification."""
