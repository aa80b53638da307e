"""Demo films in the order of their uploads: those first on the home page come first."""

from dev.demo.film import Film
from dev.demo.films import (
    crane,
    fourteen_goat,
    last_boda,
    mango_morning,
    mango_rain,
    mukene_moon,
    seven_skins,
    snow_sleeps,
    three_heaps,
    tin_roof,
)

FILMS: tuple[Film, ...] = tuple(
    module.FILM
    for module in (
        last_boda,
        fourteen_goat,
        crane,
        mukene_moon,
        three_heaps,
        seven_skins,
        tin_roof,
        snow_sleeps,
        mango_morning,
        mango_rain,
    )
)
