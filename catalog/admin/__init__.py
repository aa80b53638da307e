"""Staff's pages for films, series, people, categories, imports and reports."""

from catalog.admin import (  # noqa: F401  Each registers its pages.
    categories,
    film_forms,
    film_list,
    film_states,
    films,
    imports,
    moderation,
    people,
    person_panels,
    pictures,
    report_html,
    series,
)
