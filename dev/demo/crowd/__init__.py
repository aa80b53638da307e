"""A made-up catalogue and its audience, as large as a bench wants them, the same for one seed."""
