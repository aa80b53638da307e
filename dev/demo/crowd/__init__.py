"""Generated catalogue and audience of any size for benchmarks, the same for the same seed."""
