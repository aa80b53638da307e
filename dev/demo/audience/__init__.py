"""Demo viewers with their history, ratings, reviews and comments."""
