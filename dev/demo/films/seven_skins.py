"""Film “Seven Skins”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film
from dev.demo.scenes.seven_skins import paint
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("SEVEN", 0), ("SKINS", 0)),
    ink="#f6b32c",
    second="#fff1d0",
    shadow="#2b0b3a",
    face=Face(stem=26, bar=10, tracking=26),
    top=54,
    above=0.08,
    below=0.08,
    small="#ffe9c4",
    floor="#1b0726",
    cloth=("#1b1440", "#f6b32c", "#12867d", "#c4145b"),
    at=5,
)
SCORE = Score(
    root=155.6,
    step=0.125,
    parts=(
        Part(voice="drum", notes="D...D...", gain=0.8),
        Part(voice="drum", notes="..o.oo..", gain=0.6, pan=-0.4, enters=2),
        Part(voice="drum", notes="t.tt.tt.", gain=0.4, pan=0.4, enters=4),
        Part(voice="marimba", notes="1.4.2.5.3.5.2.4.", gain=0.45, pan=-0.3, enters=6),
        Part(voice="marimba", notes=".6.3.7.4.8.4.7.3", gain=0.4, pan=0.3, enters=8),
        Part(voice="shaker", notes="x.xx", gain=0.2, enters=8),
    ),
)
FILM = Film(
    title="Seven Skins",
    tagline="Listen with your feet.",
    description=(
        "Seven drummers rebuild a set of drums, one skin at a time, for the first feast in "
        "forty years."
    ),
    plot=(
        "When the last maker in the village dies, seven people who can each remember one rhythm "
        "come together around seven silent drums. They find the wood, the hides and the pegs; "
        "they argue about everything else. Filmed over one dry season and cut to the music "
        "itself, the film ends with the whole feast, unbroken, as it was played."
    ),
    year=2022,
    director="Daudi Musoke Lule",
    cast=("Daudi Musoke Lule", "Efulansi Namirembe", "Sadat Mukiibi"),
    genres=("Music", "Documentary"),
    credits=("A film by Daudi Musoke Lule", "Seven drummers, one heartbeat"),
    category="music",
    access_level=Plan.PREMIUM,
    age_rating=AgeRating.G,
    language="Luganda",
    reception=load_reception("seven_skins"),
    seconds=18,
    container="mp4",
    paint=paint,
    look=LOOK,
    score=SCORE,
)
