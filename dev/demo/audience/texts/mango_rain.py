"""What people made of Mango Tree Stage, episode 2."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=2,
    viewers=26,
    plays=41,
    stars=(0, 1, 2, 8, 10),
    reviews=(
        Review(
            "Joan Kemigisa",
            5,
            "One umbrella, four proud people and a passenger who will not say where she is "
            "going. I laughed, and then the chairman told his story and I did not.",
        ),
        Review(
            "Ronald Ssemakula",
            4,
            "Even better than the first. That rain is how rain really comes in April: "
            "sideways, and with no apology.",
        ),
        Review(
            "Esther Namutebi",
            5,
            "“In the rain everybody is number thirteen.” Finished me.",
        ),
    ),
    remarks=(
        Remark(
            "Stella Acan",
            "Who is she going to meet at that hour?! You cannot end there.",
            likes=10,
            replies=(
                Reply("Moses Kiggundu", "It is the sister. Look at the bag in the first one."),
                Reply("Stella Acan", "Ah! I am watching it again."),
            ),
        ),
        Remark(
            "Denis Okot",
            "Rain fare is double and everybody knows it. Kisakye is spoiling the market.",
            likes=7,
        ),
        Remark(
            "Rehema Namusoke",
            "The bulbs in that tree… whoever painted this, webale nnyo.",
            likes=8,
            replies=(Reply("Cissy Nalwoga", "I stopped it there only to look."),),
        ),
    ),
)
