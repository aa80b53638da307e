"""A payment service to practise with: localstripe, and the objects and pages it lacks.

Development and tests only; localstripe is no dependency of production. It runs as a process of
its own and is reached over HTTP alone, like the service it stands in for.
"""
