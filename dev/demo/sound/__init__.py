"""Music and voices, synthesised from sines and noise."""
