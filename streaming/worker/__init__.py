"""What a worker does with a claimed piece: fetch, call the engine, store, report."""
