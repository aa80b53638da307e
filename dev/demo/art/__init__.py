"""Pictures painted by code: scenes that move, posters, title cards."""
