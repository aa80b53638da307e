"""Pictures painted by code: moving scenes, posters, title cards."""
