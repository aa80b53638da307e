"""Rules of new passwords, and the normalisation of passwords."""

import unicodedata
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from rest_framework.test import APIClient

from accounts.models import User

LOGIN, REGISTER = "/api/v1/auth/login", "/api/v1/auth/register"
PLACED = "Ñandú-é-kabisa"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "guessed",
    [
        " " * 8, "\u200b" * 8, "\u3164" * 9, "a       ", "kushfilms", "KushFilms2026!",
        "kush.films.7712",
        "uganda2026", "Uganda@256", "k4mpala2025", "kampala123", "sunshine2024", "Password123!",
        "matooke1990", "\uff55ganda2026",
    ],
)  # fmt: skip
def test_common_passwords_are_refused(api: APIClient, guessed: str) -> None:
    body = {"email": "n@example.ug", "password": guessed, "name": "Nakato"}
    answer = api.post(REGISTER, body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["password"])
    assert not User.objects.exists()


def test_the_persons_own_name_is_refused(api: APIClient) -> None:
    body = {"email": "n@example.ug", "password": "NakatoAisha1", "name": "Nakato Aisha"}
    assert api.post(REGISTER, body).status_code == 400


@pytest.mark.parametrize(
    "good",
    [
        "matatu-9931-x",
        "boda-boda-7712",
        "matoke-and-beans-9",
        "ab cd ef gh",
        "пароль-мой",
        "密码很长也很好吗",
    ],
)
def test_other_passwords_are_accepted(api: APIClient, good: str) -> None:
    body = {"email": "n@example.ug", "password": good, "name": "Nakato"}
    assert api.post(REGISTER, body).status_code == 201


@pytest.mark.parametrize("stored", ["NFC", "NFD", "NFKC"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_one_password_whichever_keyboard_typed_it(api: APIClient, stored: Any, typed: Any) -> None:
    password = unicodedata.normalize(stored, PLACED)
    body = {"email": "n@example.ug", "password": password, "name": "Nakato"}
    assert api.post(REGISTER, body).status_code == 201
    again = {"email": "n@example.ug", "password": unicodedata.normalize(typed, PLACED)}
    assert api.post(LOGIN, again).status_code == 200
    assert api.post(LOGIN, {**again, "password": PLACED + "x"}).status_code == 401


def test_a_hash_from_before_normalisation_works(api: APIClient, viewer: User) -> None:
    as_typed = unicodedata.normalize("NFD", PLACED)
    User.objects.filter(pk=viewer.pk).update(password=make_password(as_typed))
    assert api.post(LOGIN, {"email": viewer.email, "password": as_typed}).status_code == 200


@pytest.mark.usefixtures("real_hashing")
def test_an_older_hash_is_renewed_at_sign_in(api: APIClient, viewer: User, password: str) -> None:
    old = Argon2PasswordHasher().encode(password, "saltsaltsalt")
    assert "m=102400,t=2,p=8" in old
    User.objects.filter(pk=viewer.pk).update(password=old)
    assert api.post(LOGIN, {"email": viewer.email, "password": "wrong"}).status_code == 401
    assert User.objects.get().password == old
    signed_in = api.post(LOGIN, {"email": viewer.email, "password": password})
    renewed = User.objects.get().password
    assert renewed.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    # The device that has just signed in is known with the new hash.
    token = signed_in.json()["deviceToken"]
    for _ in range(6):
        api.post(LOGIN, {"email": viewer.email, "password": "wrong"})
    known = {"email": viewer.email, "password": password}
    assert api.post(LOGIN, known, HTTP_X_DEVICE_TOKEN=token).status_code == 200
