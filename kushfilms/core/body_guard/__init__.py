"""Limits of request bodies, and what a client reads whose body is not taken."""
