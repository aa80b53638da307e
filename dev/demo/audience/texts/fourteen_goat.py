"""What people made of Fourteen and a Goat."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=19,
    viewers=46,
    plays=131,
    stars=(1, 1, 6, 17, 16),
    reviews=(
        Review(
            "Moses Kiggundu",
            5,
            "I was a conductor for six years on the Masaka road. Everything is true, even "
            "the bag that ticks. Especially the bag.",
        ),
        Review(
            "Lydia Adongo",
            4,
            "We watched it nine people on one phone and nobody complained, because the film "
            "had already taught us how to squeeze.",
        ),
        Review(
            "Patrick Odongo",
            3,
            "Funny, but the headmaster talks too much. Though that one is also true to life.",
        ),
    ),
    remarks=(
        Remark(
            "Rehema Namusoke",
            "Give Biriggwa the goat her own series. She is the only one who paid.",
            likes=14,
            replies=(Reply("Timothy Wanyama", "And she did not ask for balance!"),),
        ),
        Remark(
            "Allan Mugisha",
            "My mother-in-law has started saying “omu tabulwa kifo” whenever visitors come. "
            "Thank you very much, Kush Films.",
            likes=11,
        ),
        Remark(
            "Sylvia Nantongo",
            "VJ Ssebo adds things that are not there, and they are better.",
            likes=6,
            replies=(
                Reply("Denis Okot", "The part on the two brothers! I had to pause."),
                Reply("Sylvia Nantongo", "He knows that family, I am telling you."),
            ),
        ),
    ),
)
