"""What people made of Mukene Moon."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=33,
    viewers=27,
    plays=49,
    stars=(0, 1, 3, 9, 9),
    reviews=(
        Review(
            "Geoffrey Mubiru",
            5,
            "I grew up at Kiyindi landing site. The lamp, the waiting, how nobody says the "
            "brother's name: somebody listened to our people before making this.",
        ),
        Review(
            "Ruth Anyango",
            4,
            "Slow, yes. The lake is slow also. Watch it at night with the light off.",
        ),
        Review(
            "Brian Tumusiime",
            3,
            "It is good work but I kept waiting for the storm. When it came it was too short "
            "for me.",
        ),
    ),
    remarks=(
        Remark(
            "Swaibu Matovu",
            "My father never took my sister on the water. We watched this together, and on "
            "Saturday he has promised.",
            likes=16,
            replies=(Reply("Maria Nassali", "Let her hold the lamp. And tell us how it went!"),),
        ),
        Remark(
            "Harriet Nandudu",
            "The sound of the boat, wood on wood. I am far from home and that did it.",
            likes=7,
        ),
        Remark(
            "Charles Ocen",
            "What is the song near the end? The flute one.",
            likes=2,
            replies=(
                Reply(
                    "Geoffrey Mubiru",
                    "It is what they hum while mending nets. I only know it without words.",
                ),
            ),
        ),
    ),
)
