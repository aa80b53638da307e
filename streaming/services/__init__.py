"""Writes to assets, encodes and playback, one module per subject."""
