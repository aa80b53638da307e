"""dj-stripe's tables as one migration: see MIGRATION_MODULES in the settings."""
