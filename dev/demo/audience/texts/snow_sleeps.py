"""What people made of Where the Snow Sleeps."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=54,
    viewers=14,
    plays=19,
    stars=(0, 0, 1, 4, 7),
    reviews=(
        Review(
            "Derrick Baluku",
            5,
            "I am from Kilembe. My father carried loads up there and told us about the ice; "
            "I thought he was adding salt. Now my children have seen it before it goes.",
        ),
        Review(
            "Sharon Kyomugisha",
            5,
            "The wooden stake. That is all I will say. I have thought about that stake for a week.",
        ),
        Review(
            "Timothy Wanyama",
            4,
            "Watch it on the biggest screen you can borrow. We used the wall of the church.",
        ),
    ),
    remarks=(
        Remark(
            "Harriet Nandudu",
            "Uganda has snow and we first learn it from a film. Who was hiding it?",
            likes=8,
            replies=(
                Reply("Derrick Baluku", "The clouds, my dear. They only open for the patient."),
            ),
        ),
        Remark(
            "Charles Ocen",
            "When the old woman says the names of the peaks, please do not talk over it.",
            likes=5,
        ),
    ),
)
