"""Payment sandbox: localstripe, with the objects and pages that it lacks.

It is for development and tests only; localstripe is not a dependency of production. It runs as a
separate process and is reached only over HTTP, like Stripe itself.
"""
