"""What people made of Three Heaps for a Thousand."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=26,
    viewers=31,
    plays=62,
    stars=(0, 2, 6, 11, 7),
    reviews=(
        Review(
            "Norah Nagawa",
            5,
            "Maama Topi does sums faster than my bank. I have sold at Nakasero for fourteen "
            "years and I stood up and clapped alone in my sitting room.",
        ),
        Review(
            "Isaac Wabwire",
            4,
            "The inspector and his mangoes! Very funny, and it is kind to everybody in it, "
            "even the developers.",
        ),
        Review(
            "Viola Tusiime",
            2,
            "The daughter's plan was a good one and the film makes fun of it too much. Some "
            "of us do have business plans.",
        ),
    ),
    remarks=(
        Remark(
            "Immaculate Nabirye",
            "Three heaps for a thousand, in this economy? Now that is the real fiction.",
            likes=18,
            replies=(
                Reply("Fred Musinguzi", "Add me a small one on top, customer."),
                Reply("Immaculate Nabirye", "See him!"),
            ),
        ),
        Remark(
            "Stella Acan",
            "The rival with the truce is my favourite. That look over the onions.",
            likes=5,
        ),
        Remark(
            "Edgar Rwothomio",
            "I showed it to the women at our stage in Nebbi. They want part two, with fish.",
            likes=7,
            replies=(Reply("Norah Nagawa", "Fish would finish them. I would watch."),),
        ),
    ),
)
