"""Demo logins and films for local runs. Production does not install this app."""
