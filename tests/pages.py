"""Pages of the site, for checks of all of them: browser, languages, `bench/screenshots.py`.

The films, people and series named are those of `catalogue` in `tests/browser/test_site.py`.
"""

PUBLIC = [
    "/", "/movies", "/movies?genre=Crime&sort=title", "/search?q=boda", "/search?q=zzzzqq",
    "/movies/last-boda", "/movies/odd", "/series", "/series/kampala-nights", "/people/vj-junior",
    "/categories/drama", "/about", "/contact", "/cookies", "/preferences", "/terms", "/privacy",
    "/subscribe", "/login", "/register", "/forgot", "/takedown", "/offline", "/styleguide",
    "/nowhere",
]  # fmt: skip
OWN = [
    "/", "/movies/last-boda", "/account", "/account/favorites", "/account/history",
    "/account/ratings", "/account/devices", "/account/notifications", "/account/privacy", "/tv",
]  # fmt: skip
# Pages that only a form, an e-mail or another page leads to.
ASIDE = [
    "/forgot/sent", "/reset", "/reset/done", "/verify", "/verify/sent", "/takedown/sent",
    "/subscribe/canceled", "/tv/screen",
]  # fmt: skip
OWN_ASIDE = [
    "/account/two-factor", "/account/billing", "/account/password", "/account/birth",
    "/subscribe",
    "/subscribe/done", "/verify/done", "/tv/approved", "/tv/denied",
]  # fmt: skip
