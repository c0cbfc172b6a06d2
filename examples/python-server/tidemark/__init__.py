"""A Tidemark server that uses only the standard library, written from the specification.

Read it from the outside in: `application` routes a request, `reading`, `stream` and `publishing`
handle it, `log` stores the messages, and `connection` speaks HTTP/1.1. Comments cite the
requirement (such as CORE-CURSOR-2) wherever a rule is not obvious.
"""
