"""What people made of What the Tin Roof Heard."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=47,
    viewers=22,
    plays=35,
    stars=(0, 1, 4, 8, 5),
    reviews=(
        Review(
            "Brenda Lamunu",
            5,
            "Two sisters, one roof, no network. I called mine at the end. We had not talked "
            "since the burial.",
        ),
        Review(
            "Simon Peter Emuron",
            4,
            "The rain is the third sister. I saw it in Soroti in the dry season and went "
            "outside to check the sky.",
        ),
        Review(
            "Derrick Baluku",
            3,
            "The acting is strong, but it is a film of one room; my boys left after the cat "
            "went to sleep.",
        ),
    ),
    remarks=(
        Remark(
            "Phiona Nakalema",
            "If you grew up under amabaati you will hear this film in your chest.",
            likes=10,
            replies=(Reply("Ibrahim Waiswa", "And you will look for the basin for the leak."),),
        ),
        Remark(
            "Joan Kemigisa",
            "“By morning the roof leaks in four places and holds everywhere else.” I have "
            "written it on my wall.",
            likes=6,
        ),
        Remark(
            "Agnes Birungi",
            "The cat deserves to be in the credits.",
            likes=4,
            replies=(
                Reply("Brenda Lamunu", "The cat owns the house. It is in the last picture, look."),
            ),
        ),
    ),
)
