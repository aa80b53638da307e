"""Who may call what: every URL of the service, six people, one letter each.

In order: a visitor, the viewer whose things the URL names, another viewer, a moderator, an admin,
a super admin.

    +   it is done, or refused for another reason than who asks
    i   sign in first: 401 in the API, the sign-in page on the site
    x   403
    .   404, as if it were not there
    -   nothing: an answer that changes no row
"""

EVERYBODY = "++++++"
SIGNED_IN = "i+++++"
OWNER = "i+...."
# Somebody else's answers as one's own that has gone since: back to the list, nothing changed.
OWNER_GENTLY = "i+----"
MODERATORS = "ixx+++"
ADMINS = "ixxx++"
SUPER_ADMINS = "ixxxx+"
# Somebody else's upload is nobody's to finish: streaming/tests/test_uploads_api.py has the owner.
UPLOADER = "ixxxxx"

Row = tuple[str, str, str]

ACCOUNTS: list[Row] = [
    ("POST", "api/v1/auth/register", EVERYBODY),
    ("POST", "api/v1/auth/login", EVERYBODY),
    ("POST", "api/v1/auth/logout", SIGNED_IN),
    ("POST", "api/v1/auth/refresh", EVERYBODY),
    ("GET", "api/v1/auth/me", SIGNED_IN),
    ("POST", "api/v1/auth/verify-email", EVERYBODY),
    ("POST", "api/v1/auth/verify-email/resend", SIGNED_IN),
    ("POST", "api/v1/auth/forgot-password", EVERYBODY),
    ("POST", "api/v1/auth/reset-password", EVERYBODY),
    ("POST", "api/v1/auth/device/code", EVERYBODY),
    ("POST", "api/v1/auth/device/token", EVERYBODY),
    ("GET", "api/v1/users/profile", SIGNED_IN),
    ("PUT", "api/v1/users/profile", SIGNED_IN),
    ("PUT", "api/v1/users/avatar", SIGNED_IN),
    ("DELETE", "api/v1/users/avatar", SIGNED_IN),
    ("GET", "api/v1/users/preferences", SIGNED_IN),
    ("PUT", "api/v1/users/preferences", SIGNED_IN),
    ("PUT", "api/v1/users/password", SIGNED_IN),
    ("GET", "api/v1/users/sessions", SIGNED_IN),
    ("DELETE", "api/v1/users/sessions", SIGNED_IN),
    ("DELETE", "api/v1/users/sessions/<uuid:session_id>", OWNER),
    ("GET", "api/v1/users/notifications", SIGNED_IN),
    ("PUT", "api/v1/users/notifications/read", SIGNED_IN),
    ("PUT", "api/v1/users/notifications/<uuid:pk>/read", OWNER),
    ("POST", "api/v1/users/totp", SIGNED_IN),
    ("DELETE", "api/v1/users/totp", SIGNED_IN),
    ("POST", "api/v1/users/totp/confirm", SIGNED_IN),
    ("POST", "api/v1/users/export", SIGNED_IN),
    ("GET", "api/v1/users/export/<uuid:export_id>", OWNER),
    ("DELETE", "api/v1/users/account", SIGNED_IN),
    ("POST", "api/v1/users/account/keep", SIGNED_IN),
    ("GET", "api/v1/users/consents", SIGNED_IN),
    ("PUT", "api/v1/users/consents", SIGNED_IN),
    ("GET", "api/v1/admin/users", MODERATORS),
    ("GET", "api/v1/admin/users/<uuid:user_id>", MODERATORS),
    ("PUT", "api/v1/admin/users/<uuid:user_id>", ADMINS),
    ("DELETE", "api/v1/admin/users/<uuid:user_id>", SUPER_ADMINS),
    ("POST", "api/v1/admin/users/<uuid:user_id>/ban", MODERATORS),
    ("POST", "api/v1/admin/users/<uuid:user_id>/unban", MODERATORS),
]
CATALOG: list[Row] = [
    ("GET", "api/v1/movies", EVERYBODY),
    ("GET", "api/v1/movies/<slug:reference>", EVERYBODY),
    ("GET", "api/v1/movies/<slug:reference>/comments", EVERYBODY),
    ("POST", "api/v1/movies/<slug:reference>/comments", SIGNED_IN),
    ("DELETE", "api/v1/movies/<slug:reference>/comments/<uuid:comment_id>", OWNER),
    ("GET", "api/v1/movies/<slug:reference>/comments/<uuid:comment_id>/replies", EVERYBODY),
    ("GET", "api/v1/categories", EVERYBODY),
    ("GET", "api/v1/categories/<slug:slug>", EVERYBODY),
    ("GET", "api/v1/categories/<slug:slug>/movies", EVERYBODY),
    ("POST", "api/v1/reports", SIGNED_IN),
    ("POST", "api/v1/takedowns", EVERYBODY),
    ("GET", "api/v1/admin/reports", MODERATORS),
    ("GET", "api/v1/admin/reports/<uuid:report_id>", MODERATORS),
    ("POST", "api/v1/admin/reports/<uuid:report_id>/claim", MODERATORS),
    ("POST", "api/v1/admin/reports/<uuid:report_id>/resolve", MODERATORS),
    ("POST", "api/v1/admin/reports/<uuid:report_id>/restore", MODERATORS),
    ("POST", "api/v1/admin/comments/<uuid:comment_id>/hide", MODERATORS),
    ("POST", "api/v1/admin/comments/<uuid:comment_id>/restore", MODERATORS),
    ("GET", "api/v1/admin/takedowns", ADMINS),
    ("POST", "api/v1/admin/takedowns/<uuid:notice_id>/accept", ADMINS),
    ("POST", "api/v1/admin/takedowns/<uuid:notice_id>/reject", ADMINS),
    ("POST", "api/v1/admin/takedowns/<uuid:notice_id>/reverse", ADMINS),
]
STREAMING: list[Row] = [
    ("GET", "api/v1/movies/<str:reference>/stream", SIGNED_IN),
    ("POST", "api/v1/movies/<str:reference>/watch", SIGNED_IN),
    ("POST", "api/v1/admin/videos/upload-url", ADMINS),
    ("GET", "api/v1/admin/videos/<uuid:video_id>", ADMINS),
    ("DELETE", "api/v1/admin/videos/<uuid:video_id>", UPLOADER),
    ("GET", "api/v1/admin/videos/<uuid:video_id>/parts", UPLOADER),
    ("POST", "api/v1/admin/videos/<uuid:video_id>/complete", UPLOADER),
    ("POST", "api/v1/admin/videos/<uuid:video_id>/transcode", ADMINS),
]
TV_ALIASES: list[Row] = [
    ("POST", "api/auth/login", EVERYBODY),
    ("GET", "api/videos", EVERYBODY),
    ("GET", "api/videos/<str:reference>", EVERYBODY),
    ("GET", "api/videos/<str:reference>/play", SIGNED_IN),
    ("PUT", "api/videos/<str:reference>/progress", SIGNED_IN),
]
PAGES: list[Row] = [
    ("GET", "", EVERYBODY),
    ("GET", "movies", EVERYBODY),
    ("GET", "movies/<slug:reference>", EVERYBODY),
    ("POST", "movies/<slug:reference>/comments", SIGNED_IN),
    ("POST", "movies/<slug:reference>/comments/<uuid:comment_id>/delete", OWNER),
    ("GET", "report?movie=seven-hills", SIGNED_IN),
    ("POST", "report?movie=seven-hills", SIGNED_IN),
    ("GET", "takedown", EVERYBODY),
    ("POST", "takedown", EVERYBODY),
    ("GET", "takedown/sent", EVERYBODY),
    ("GET", "categories/<slug:slug>", EVERYBODY),
    ("GET", "watch/<slug:slug>", SIGNED_IN),
    ("GET", "subscribe", EVERYBODY),
    ("GET", "terms", EVERYBODY),
    ("GET", "privacy", EVERYBODY),
    ("GET", "login", EVERYBODY),
    ("POST", "login", EVERYBODY),
    ("GET", "login/code", "i+++++"),
    ("GET", "register", EVERYBODY),
    ("POST", "register", EVERYBODY),
    ("POST", "logout", EVERYBODY),
    ("GET", "verify", SIGNED_IN),
    ("GET", "verify?token=x", EVERYBODY),
    ("GET", "verify/done", EVERYBODY),
    ("POST", "verify/resend", SIGNED_IN),
    ("GET", "verify/sent", EVERYBODY),
    ("GET", "forgot", EVERYBODY),
    ("POST", "forgot", EVERYBODY),
    ("GET", "forgot/sent", EVERYBODY),
    ("GET", "reset", EVERYBODY),
    ("POST", "reset", EVERYBODY),
    ("GET", "reset/done", EVERYBODY),
    ("GET", "unsubscribe", EVERYBODY),
    ("GET", "tv", SIGNED_IN),
    ("POST", "tv", SIGNED_IN),
    ("GET", "tv/approved", EVERYBODY),
    ("GET", "tv/denied", EVERYBODY),
    ("GET", "tv/screen", EVERYBODY),
    ("GET", "account", SIGNED_IN),
    ("POST", "account", SIGNED_IN),
    ("POST", "account/avatar", SIGNED_IN),
    ("POST", "account/avatar/remove", SIGNED_IN),
    ("POST", "account/email", SIGNED_IN),
    ("GET", "account/password", SIGNED_IN),
    ("POST", "account/password", SIGNED_IN),
    ("GET", "account/devices", SIGNED_IN),
    ("POST", "account/devices/sign-out", SIGNED_IN),
    ("POST", "account/devices/<uuid:session_id>/sign-out", OWNER_GENTLY),
    ("GET", "account/two-factor", SIGNED_IN),
    ("POST", "account/two-factor", SIGNED_IN),
    ("GET", "account/notifications", SIGNED_IN),
    ("POST", "account/notifications", SIGNED_IN),
    ("POST", "account/notifications/<uuid:pk>/open", OWNER),
    ("GET", "account/privacy", SIGNED_IN),
    ("POST", "account/privacy", SIGNED_IN),
    ("GET", "healthz", EVERYBODY),
    ("GET", "api/schema", EVERYBODY),
    ("GET", "api/docs", EVERYBODY),
]
BACK_OFFICE: list[Row] = [
    ("GET", "admin/", "iii+++"),
    ("GET", "admin/jsi18n/", "iii+++"),
    ("POST", "admin/accounts/user/<uuid:pk>/ban/", "iii+++"),
    ("POST", "admin/accounts/user/<uuid:pk>/unban/", "iii+++"),
    ("POST", "admin/accounts/user/<uuid:pk>/erase/", "iiixx+"),
    ("POST", "admin/accounts/session/<uuid:pk>/sign-out/", "iii+++"),
    ("GET", "admin/accounts/notification/announce/", "iiix++"),
    ("POST", "admin/accounts/notification/announce/", "iiix++"),
    ("POST", "admin/catalog/report/<uuid:pk>/claim/", "iii+++"),
    ("POST", "admin/catalog/report/<uuid:pk>/resolve/", "iii+++"),
    ("POST", "admin/catalog/report/<uuid:pk>/restore/", "iii+++"),
    ("POST", "admin/catalog/takedownnotice/<uuid:pk>/<str:verb>/now/", "iiix++"),
]
ROWS: list[Row] = [*ACCOUNTS, *CATALOG, *STREAMING, *TV_ALIASES, *PAGES, *BACK_OFFICE]

# The back office's own pages of a model: who sees the list and a row, adds, changes, deletes.
# The letters are those of a moderator, an admin and a super admin; viewers are at the door.
MODELS: dict[str, tuple[str, str, str, str]] = {
    "accounts.auditlog": ("x++", "xxx", "xxx", "xxx"),
    "accounts.notification": ("+++", "xxx", "xxx", "xxx"),
    "accounts.session": ("+++", "xxx", "xxx", "xxx"),
    "accounts.user": ("+++", "xx+", "x++", "xxx"),  # erased by a button, never deleted
    "billing.subscription": ("x++", "xxx", "xxx", "xxx"),
    "catalog.category": ("x++", "x++", "x++", "x++"),
    "catalog.comment": ("+++", "xxx", "xxx", "xxx"),
    "catalog.movie": ("x++", "x++", "x++", "x++"),
    "catalog.report": ("+++", "xxx", "xxx", "xxx"),
    "catalog.takedownnotice": ("x++", "xxx", "xxx", "xxx"),
    "catalog.watchhistory": ("x++", "xxx", "xxx", "xxx"),
    "core.job": ("x++", "xxx", "xxx", "xxx"),
    "streaming.playbacksession": ("x++", "xxx", "xxx", "xxx"),
    "streaming.videoasset": ("x++", "xxx", "xxx", "xxx"),
    "streaming.workitem": ("x++", "xxx", "xxx", "xxx"),
}

# What is no question of persons, with where it is tested instead.
ELSEWHERE = {
    "admin/login/": "a redirect to the site's sign-in: accounts/tests/test_site_sign_in.py",
    "admin/logout/": "Django's",
    "admin/password_change/": "a redirect to the account's page: accounts/tests/test_admin.py",
    "admin/password_change/done/": "Django's",
    "admin/autocomplete/": "asks the model's own view permission; Django's",
    "admin/r/<path:content_type_id>/<path:object_id>/": "a redirect to a public page; Django's",
    "admin/(?P<url>.*)$": "404 or a slash; Django's",
    "admin/^(?P<app_label>accounts|core|billing|catalog|streaming)/$": "the index, of one app",
    "readyz": "needs a live worker: kushfilms/core/tests/test_health.py",
    "account/two-factor/qr.svg": "a picture of one's own secret: test_two_factor_pages.py",
    "tv/qr.svg": "a picture of a public address: test_tv_pages.py",
    "^hls/(?P<token>[^/]+)/(?P<name>.+)\\Z": "the token decides: streaming/tests/test_playback.py",
    "^public/(?P<name>.+)\\Z": "public pictures: streaming/tests/test_playback.py",
    "outbox": "the embedded run's own: kushfilms/demo",
}
