"""What people made of Seven Skins."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=40,
    viewers=18,
    plays=29,
    stars=(0, 0, 1, 3, 11),
    reviews=(
        Review(
            "Samuel Opio",
            5,
            "I play the engalabi and I had to lie down afterwards. They let the last rhythm "
            "run to its end, uncut. Nobody does that.",
        ),
        Review(
            "Zainab Nakayiza",
            5,
            "The arguing is as good as the drumming. Seven elders, seven opinions, one goat skin.",
        ),
        Review(
            "Gilbert Kabuye",
            4,
            "A treasure. I only wish the names of the rhythms were written on the screen, "
            "for us who must learn them again.",
        ),
    ),
    remarks=(
        Remark(
            "Claire Apio",
            "Use proper speakers, or good earphones. On the phone alone you hear six skins.",
            likes=9,
            replies=(Reply("Samuel Opio", "Correct. The big one comes through the floor."),),
        ),
        Remark(
            "Abdul Kasozi",
            "My jjajja named every rhythm before they played it. He is ninety-one. We are "
            "writing them down now.",
            likes=13,
            replies=(Reply("Gilbert Kabuye", "Please, please do, and share it with us."),),
        ),
    ),
)
