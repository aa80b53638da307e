"""PostgreSQL, Valkey and an S3 server out of wheels, and the launcher that makes a site of them.

Not a Django app, and nothing in production imports it. `make run` is `python -m dev.stack
run`; tests get the same parts through `pytest_plugin`.
"""
