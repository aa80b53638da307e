"""Film “Last Boda to Ntinda”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film, Line, Narrator
from dev.demo.scenes.last_boda import paint
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("LAST BODA", 0), ("TO NTINDA", 0)),
    ink="#ffc24a",
    second="#ff6f4f",
    face=Face(stem=14, bar=8, tracking=20, squeeze=0.8, slant=0.2),
    top=-140,
    below=0.28,
    cloth=("#120c26", "#ffb23e", "#c4145b", "#120c26"),
    motif="teeth",
    at=9,
)
SCORE = Score(
    root=146.8,
    step=0.16,
    parts=(
        Part(voice="bass", notes="1..1..1.4..4..3.", octave=-1, gain=0.7),
        Part(voice="pluck", notes="5.7.8.7.5.4.5...", gain=0.42, pan=-0.35, enters=2.56),
        Part(voice="shaker", notes="xxx.xxx.xxxxx.x.", gain=0.2, pan=0.5, enters=2.56),
        Part(voice="drum", notes="D..t..o.D..to.o.", gain=0.6, enters=5.12),
        Part(
            voice="flute",
            notes="8.......a.......9.......7.......",
            gain=0.26,
            pan=0.3,
            enters=10.24,
        ),
    ),
)
FILM = Film(
    title="Last Boda to Ntinda",
    tagline="One fare. One night. Seven hills.",
    description=(
        "A boda-boda rider wants to go home. The woman who climbs on behind him wants to be "
        "anywhere but followed."
    ),
    plot=(
        "It is past midnight at the Wandegeya stage and Kizito has promised his daughter that "
        "this fare is the last one. His passenger pays double, gives no address and keeps "
        "looking over her shoulder. Between the roadworks, the checkpoints and a white pickup "
        "that takes every turn they take, the two strangers cross seven hills and tell each "
        "other one true thing on each of them. By Ntinda they know what was in the envelope, "
        "and whose name is on it."
    ),
    year=2025,
    director="Miriam Nabwire",
    cast=("Joel Kaggwa", "Patience Aceng", "Rashid Balinda", "Gloria Nansamba"),
    genres=("Thriller", "Action"),
    credits=("Directed by Miriam Nabwire", "With Joel Kaggwa  and  Patience Aceng"),
    category="action",
    access_level=Plan.FREE,
    age_rating=AgeRating.AGE_13,
    reception=load_reception("last_boda"),
    featured=True,
    seconds=20,
    container="mkv",
    paint=paint,
    look=LOOK,
    score=SCORE,
    lines=(
        Line(4.0, 6.6, "Take me to Ntinda. Quickly.", "Ntwala e Ntinda. Mangu."),
        Line(7.6, 10.2, "Slowly, madam. The night is long.", "Mpola, nnyabo. Ekiro kiwanvu."),
        Line(11.4, 14.0, "Someone is following us.", "Waliwo atugoberera."),
        Line(14.8, 17.4, "Then hold on tight.", "Kale weekwate nnyo."),
    ),
    subtitled=True,
    vj=Narrator("VJ Nnyabo", hz=208),
)
