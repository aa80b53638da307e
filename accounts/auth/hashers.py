"""The password hasher with OWASP's parameters."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet).

    Django's own parameters take 100 MiB and eight lanes for each try, so that a few people signing
    in at once would use up the memory of the site. A hash with other parameters is replaced at the
    person's next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
