"""What they said: a module for each film."""
