import copy
import json
import pickle

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.core import secrets
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret, decrypt, encrypt, new_key, rotate

PLANTED = "Zq7RplantedT9x"
OLD, NEW = new_key(), new_key()


@pytest.fixture
def keys(settings):
    def set_to(*keys: str) -> None:
        settings.SECRET_ENCRYPTION_KEYS = list(keys)

    set_to(OLD)
    return set_to


def test_what_was_encrypted_comes_back_as_secrets(keys):
    opened = decrypt(encrypt({"key": PLANTED, "port": 22, "tokens": ["a"], "deep": {"x": "ü"}}))
    assert opened["key"].reveal() == PLANTED
    assert opened["port"] == 22
    assert opened["tokens"] == [Secret("a")]
    assert opened["deep"]["x"].reveal() == "ü"
    assert decrypt(encrypt(opened)) == opened


def test_the_ciphertext_holds_nothing_readable_and_is_never_the_same(keys):
    first, second = encrypt({"key": PLANTED}), encrypt({"key": PLANTED})
    assert PLANTED.encode() not in first
    assert first != second


def test_opened_secrets_print_nowhere(keys):
    opened = decrypt(encrypt({"key": PLANTED}))
    assert PLANTED not in f"{opened} {opened['key']} {opened['key']!r:>5} {opened['key']:s}"
    assert str(opened["key"]) == repr(opened["key"]) == f"{opened['key']:>40}" == "not shown"


@pytest.mark.parametrize(
    "leak",
    [json.dumps, pickle.dumps, lambda s: "x" + s, lambda s: "".join([s]), bytes, list],
)
def test_a_secret_cannot_slip_out_by_accident(leak):
    with pytest.raises(TypeError):
        leak(Secret(PLANTED))


def test_secrets_compare_by_content_and_copy_as_themselves():
    secret = Secret(PLANTED)
    assert secret == Secret(PLANTED) != Secret("other")
    assert secret != PLANTED
    assert len({secret, Secret(PLANTED)}) == 1
    assert copy.deepcopy({"a": secret})["a"] is copy.copy(secret)
    assert not Secret("") and secret


def test_a_database_memoryview_can_be_opened(keys):
    assert decrypt(memoryview(encrypt({"key": "x"})))["key"].reveal() == "x"


def test_after_a_new_key_is_put_first_old_values_open_and_new_ones_use_it(keys):
    token = encrypt({"key": PLANTED})
    keys(NEW, OLD)
    assert decrypt(token)["key"].reveal() == PLANTED
    renewed = rotate(token)
    keys(NEW)
    assert decrypt(renewed)["key"].reveal() == PLANTED
    with pytest.raises(NeedsCredentials):
        decrypt(token)


@pytest.mark.parametrize("open_it", [decrypt, rotate])
def test_a_wrong_key_says_what_to_do_and_shows_nothing(keys, open_it):
    token = encrypt({"key": PLANTED})
    keys(NEW)
    with pytest.raises(NeedsCredentials) as caught:
        open_it(token)
    assert caught.value.code == "secret_unreadable"
    assert "enter the credentials again" in str(caught.value)
    assert caught.value.__cause__ is None
    assert not {OLD, NEW, token.decode()} & set(str(caught.value).split())


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-10], lambda t: b"", lambda t: t[:30] + b"!" + t[31:]]
)
def test_damaged_values_are_unreadable_and_never_garbage(keys, spoil):
    with pytest.raises(NeedsCredentials):
        decrypt(spoil(encrypt({"key": PLANTED})))


def test_missing_and_malformed_keys_are_a_configuration_error_without_the_key(keys):
    keys()
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        encrypt({})
    keys(OLD, PLANTED)
    with pytest.raises(ImproperlyConfigured, match="number 2 is not 32 bytes") as caught:
        encrypt({})
    assert PLANTED not in str(caught.value)


def test_only_json_values_can_be_encrypted(keys):
    with pytest.raises(TypeError, match="object is not a JSON value"):
        encrypt({"key": object()})


def test_vaults_are_kept_for_a_handful_of_key_sets_only(keys):
    assert secrets._vault_of.cache_info().maxsize == 4
