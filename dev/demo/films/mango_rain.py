"""Film “Mango Tree Stage, episode 2”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film, Line
from dev.demo.films.mango_tree import FACE, SHOW
from dev.demo.scenes.mango_stage import night
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("RAIN", 118), ("FARE", 118)),
    ink="#ffd77a",
    second="#8fd3dc",
    shadow="#081226",
    face=FACE,
    top=62,
    above=0.14,
    below=0.1,
    floor="#081226",
    cloth=("#081226", "#3f7f8c", "#ffd77a", "#8fd3dc"),
    motif="waves",
    at=7,
)
SCORE = Score(
    root=146.8,
    step=0.24,
    rain=0.12,
    parts=(
        Part(voice="pluck", notes="1..5.3..6..5.2..", gain=0.48, pan=-0.25),
        Part(voice="bass", notes="1.......4...2...", octave=-1, gain=0.5, enters=1.92),
        Part(voice="marimba", notes="..8...6...5...6.", gain=0.3, pan=0.35, enters=5.76),
        Part(voice="drum", notes="D...t...D..ot...", gain=0.35, enters=7.68),
    ),
)
FILM = Film(
    title="Rain Fare",
    tagline="In the rain everybody is number thirteen.",
    description=(
        "A storm, one tree, and a passenger with a thousand shillings who will not say where "
        "she is going."
    ),
    plot=(
        "The rain comes sideways over Kololo and the whole stage stands below the mango tree "
        "with one umbrella between them. When a woman in purple asks for a ride and has half "
        "the fare, the riders hold a meeting, Maama Rolex holds out a plate, and the chairman "
        "tells them what he has never told anybody: who carried him, the first night he came "
        "to this town. The rain does not stop. It turns out nobody minds."
    ),
    year=2026,
    director="Resty Nabukeera",
    cast=("Hanifah Nakato", "Deo Mwesigwa", "Peninah Auma", "Josephine Laker"),
    genres=("Comedy", "Drama"),
    credits=("Mango Tree Stage  ·  Episode 2", "With Hanifah Nakato  and  Josephine Laker"),
    category="comedy",
    access_level=Plan.FREE,
    age_rating=AgeRating.PG,
    reception=load_reception("mango_rain"),
    show=SHOW,
    episode=2,
    seconds=18,
    container="mp4",
    paint=night,
    look=LOOK,
    score=SCORE,
    lines=(
        Line(4.0, 6.4, "In the rain the fare is double.", "Enkuba bw'etonnya, ssente zeeyongera."),
        Line(7.2, 9.4, "I have one thousand only.", "Nnina lukumi lwokka."),
        Line(10.2, 12.8, "Come below the tree. Eat first.", "Jjangu wansi w'omuti. Sooka olye."),
        Line(
            13.6, 16.2, "Tonight everybody is number thirteen.",
            "Ekiro kino buli omu wa kkumi na ssatu.",
        ),
    ),
    subtitled=True,
)  # fmt: skip
