"""What people made of The Crane Who Would Not Fly."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=12,
    viewers=38,
    plays=104,
    stars=(0, 0, 2, 9, 21),
    reviews=(
        Review(
            "Esther Namutebi",
            5,
            "My twins are four. We have now seen it eleven times, and they walk to nursery "
            "school greeting every hen, “because from up there nobody says hello”.",
        ),
        Review(
            "Kenneth Asiimwe",
            5,
            "I put it on for the children and stayed for the chameleon who cannot decide. "
            "That is my whole office.",
        ),
        Review(
            "Doreen Ainembabazi",
            4,
            "Beautiful, and so gentle. Only the elephant's secret came too fast for my small "
            "one; we had to go back and hear it again.",
        ),
    ),
    remarks=(
        Remark(
            "Joan Kemigisa",
            "Solome Birungi's voice should read us the news as well.",
            likes=8,
        ),
        Remark(
            "Robert Etyang",
            "Is there a way to have it in Ateso? My grandmother wants to know what the "
            "tortoise is late for.",
            likes=6,
            replies=(Reply("Agnes Birungi", "Tell her: for everything. It is a tortoise."),),
        ),
        Remark(
            "Cissy Nalwoga",
            "I cried at a bird. At my age.",
            likes=10,
            replies=(
                Reply("Winnie Atim", "We were many."),
                Reply("Phiona Nakalema", "The part where the others have waited three weeks, eh."),
            ),
        ),
    ),
)
