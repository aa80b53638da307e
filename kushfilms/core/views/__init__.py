"""Pages that belong to no app: preferences, about, and the files of the installable app."""
