"""Series Mango Tree Stage: story, poster, and settings shared by its episodes."""

from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.scenes.mango_stage import evening
from dev.demo.show import Show

FACE = Face(stem=20, bar=13, tracking=18, squeeze=0.84)
SHOW = Show(
    title="Mango Tree Stage",
    tagline="Twelve riders. One tree. Room for one more?",
    description=(
        "A boda-boda stage in Kampala, a chairman with a rule book, a woman who sells rolex and "
        "knows everything, and the first lady rider who ever asked for a number. Life below the "
        "mango tree, one fare at a time."
    ),
    year=2026,
    genres=("Comedy", "Drama"),
    credits=("Created by Resty Nabukeera", "With Hanifah Nakato  and  Deo Mwesigwa"),
    category="comedy",
    paint=evening,
    look=Look(
        lines=(("MANGO TREE", 0), ("STAGE", 128)),
        ink="#ffe39a",
        second="#ffb84d",
        shadow="#3b1d5e",
        face=FACE,
        top=58,
        above=0.12,
        below=0.1,
        floor="#2a1030",
        cloth=("#3b1d5e", "#ffb84d", "#c12c6d", "#ffe39a"),
        motif="eyes",
        at=7,
    ),
)
