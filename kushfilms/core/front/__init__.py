"""ASGI front that waits for clients without a thread (docs/adr/0013-slow-clients.md)."""
