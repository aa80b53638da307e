"""Film “What the Tin Roof Heard”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film, Line
from dev.demo.scenes.tin_roof import paint
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("WHAT THE", 48), ("TIN ROOF", 0), ("HEARD", 48)),
    ink="#ffdf94",
    second="#ffffff",
    face=Face(stem=8, bar=5, tracking=18, squeeze=0.9),
    top=-150,
    gap=16,
    centred=False,
    below=0.3,
    small="#d9ecec",
    floor="#0a1218",
    cloth=("#101b24", "#3f8488", "#ffae42", "#8fb5a0"),
    motif="waves",
    at=5,
)
SCORE = Score(
    root=138.6,
    step=0.3,
    rain=0.16,
    parts=(
        Part(voice="pluck", notes="1.5.8...7.5.4...", gain=0.5, pan=-0.2),
        Part(voice="bass", notes="1.......4.......", octave=-1, gain=0.45, enters=4.8),
        Part(voice="pluck", notes="....a.......9...", gain=0.3, pan=0.4, enters=4.8),
    ),
)
FILM = Film(
    title="What the Tin Roof Heard",
    tagline="Everything we never said out loud.",
    description=(
        "Two sisters wait out a storm in their grandmother's house and finally talk over the noise."
    ),
    plot=(
        "The roads are under water and the power is out. Nakku has come to sell the house; "
        "Babirye has come to stop her. For one long night the rain on the iron sheets is so "
        "loud that they have to shout what they would otherwise never say. The cat hears all of "
        "it. By morning the roof leaks in four places and holds everywhere else."
    ),
    year=2025,
    director="Lillian Akoth",
    cast=("Prossy Namugga", "Andrew Tumwine", "Justine Acan"),
    genres=("Drama",),
    credits=("Directed by Lillian Akoth", "With Prossy Namugga  and  Andrew Tumwine"),
    category="drama",
    access_level=Plan.BASIC,
    age_rating=AgeRating.AGE_13,
    reception=load_reception("tin_roof"),
    seconds=20,
    container="mkv",
    paint=paint,
    look=LOOK,
    score=SCORE,
    lines=(
        Line(4.0, 6.6, "Listen to the rain.", "Wulira enkuba."),
        Line(8.0, 10.8, "Grandmother loved this house.", "Jjajja yayagalanga ennyumba eno."),
        Line(12.2, 15.0, "The iron sheets remember everything.", "Amabaati gajjukira byonna."),
    ),
    subtitled=True,
)
