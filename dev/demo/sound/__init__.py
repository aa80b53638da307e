"""Music and voices made of sines and noise."""
