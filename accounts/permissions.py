"""Who may do what in the back office: one table, asked by Django Admin, pages and API alike."""

from accounts.models import Role

# The least role for each app's models in Django Admin; a verb of its own overrides the app.
APPS: dict[str, Role] = {
    "accounts": Role.MODERATOR,
    "billing": Role.ADMIN,
    "catalog": Role.ADMIN,
    "streaming": Role.ADMIN,
}
VERBS: dict[str, Role] = {
    "accounts.add_user": Role.SUPER_ADMIN,
    "accounts.delete_user": Role.SUPER_ADMIN,
    "accounts.change_user": Role.ADMIN,
}


def role_allows(role: Role, perm: str) -> bool:
    """May this role do `app.verb_model`? Unknown apps are the super admin's alone."""
    app = perm.partition(".")[0]
    return role.at_least(VERBS.get(perm, APPS.get(app, Role.SUPER_ADMIN)))


def role_sees_app(role: Role, app: str) -> bool:
    return role.at_least(APPS.get(app, Role.SUPER_ADMIN))
