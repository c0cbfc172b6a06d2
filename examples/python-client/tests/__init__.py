"""Tests with the vectors of the specification, and with a scripted server."""
