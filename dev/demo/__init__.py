"""Logins and films for the run on one machine. Production does not install this app."""
