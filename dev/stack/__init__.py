"""Local stack of PostgreSQL, Valkey and an S3 server from wheels, and the launcher of the site.

This is not a Django app, and nothing in production imports it. `make run` is `python -m dev.stack
run`; tests get the same servers through `pytest_plugin`.
"""
