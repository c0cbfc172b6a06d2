"""A Tidemark server with nothing but the standard library, written from the specification.

Read it from the outside in: `application` decides what a request asks for, `reading`, `stream` and
`publishing` carry it out, `log` holds the messages, and `connection` speaks HTTP/1.1. Comments cite
the requirement (such as CORE-CURSOR-2) wherever a rule is not obvious.
"""
