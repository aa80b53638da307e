"""What changes assets, encodes and playback, one module a subject."""
