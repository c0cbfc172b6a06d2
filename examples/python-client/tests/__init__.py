"""The vectors of the specification, and a server that answers as a test says."""
