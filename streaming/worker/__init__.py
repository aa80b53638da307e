"""Worker steps for a claimed piece of an encode: fetch, call the engine, store, report."""
