"""Admin pages of people, notifications, background jobs and the audit log."""

from accounts.admin import (  # noqa: F401  each registers its pages
    announcements,
    audit,
    base,
    forms,
    jobs,
    lookups,
    notifications,
    panels,
    people,
    person_panels,
)
