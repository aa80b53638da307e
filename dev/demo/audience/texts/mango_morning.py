"""What people made of Mango Tree Stage, episode 1."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=9,
    viewers=34,
    plays=71,
    stars=(0, 0, 3, 11, 13),
    reviews=(
        Review(
            "Winnie Atim",
            5,
            "The chairman turning every page of the rule book to find where it says a woman "
            "cannot ride! And Kisakye just sitting there with her helmet on. I love her "
            "already.",
        ),
        Review(
            "Hakim Lubega",
            4,
            "I am number seven at a stage in Kamwokya. The fines are correct, the jokes are "
            "correct, the chairman is too handsome.",
        ),
        Review(
            "Immaculate Nabirye",
            5,
            "Maama Rolex decides everything at that stage and only she knows it. Bring the "
            "next one.",
        ),
    ),
    remarks=(
        Remark(
            "Allan Mugisha",
            "Rule nineteen: no sleeping on another man's motorcycle. Our whole country needs "
            "this book.",
            likes=12,
            replies=(
                Reply(
                    "Lydia Adongo",
                    "Rule twenty: no borrowing a helmet and bringing it back smelling of perfume.",
                ),
            ),
        ),
        Remark(
            "Prossy Nakimuli",
            "My cousin is the only lady at her stage in Gulu. I have sent her this, she says "
            "the first week is exactly so.",
            likes=9,
            replies=(Reply("Winnie Atim", "Greet her from all of us!"),),
        ),
        Remark(
            "Kenneth Asiimwe",
            "Now I want a rolex at eleven in the night.",
            likes=6,
        ),
    ),
)
