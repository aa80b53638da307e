"""What people made of Last Boda to Ntinda."""

from dev.demo.audience.reception import Reception, Remark, Reply, Review

RECEPTION = Reception(
    out_for=5,
    viewers=43,
    plays=118,
    stars=(0, 1, 4, 15, 19),
    reviews=(
        Review(
            "Grace Akello",
            5,
            "I take a boda home from Wandegeya every night and I have never been so quiet on "
            "one as after this film. The checkpoint at Kisasi, I stopped breathing. Kizito "
            "is my uncle, you cannot tell me otherwise.",
        ),
        Review(
            "Julius Byaruhanga",
            4,
            "Well shot, and the hills come in the right order, which never happens. I wanted "
            "two more minutes in Kololo. Still the best night in Kampala I have seen on a "
            "screen.",
        ),
        Review(
            "Prossy Nakimuli",
            5,
            "VJ Nnyabo's track is a second film. My mother laughed and then held my hand "
            "until Ntinda.",
        ),
    ),
    remarks=(
        Remark(
            "Hakim Lubega",
            "But which boda man has ever said “slowly, madam”? Kizito alone.",
            likes=9,
            replies=(
                Reply("Sharon Kyomugisha", "Mine says it when I have already screamed."),
                Reply("Hakim Lubega", "Then keep that one, they are few."),
            ),
        ),
        Remark(
            "Emmanuel Drani",
            "Watched it in the small quality on the way to Arua, did not even finish my "
            "bundle. Well done.",
            likes=5,
        ),
        Remark(
            "Judith Chebet",
            "No spoilers, but I knew whose name it was from the petrol station.",
            likes=3,
            replies=(Reply("Ronald Ssemakula", "Madam, you knew nothing. We all jumped."),),
        ),
    ),
)
