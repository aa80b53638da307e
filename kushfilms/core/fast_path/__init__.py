"""Frequent API requests of signed-in people, answered in batches in front of Django.

See docs/adr/0016-fast-path.md. A route answers only the usual case; every other request, and each
one that meets an error, passes on to Django, which has the words for it.
"""
