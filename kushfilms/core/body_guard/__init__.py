"""Limits of request bodies, and the responses to bodies beyond them."""
