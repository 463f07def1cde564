"""Keys in files and on a token: never written over, opened by the right password alone."""

import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from securesystemslib.signer import CryptoSigner

from sync.hub.cli import main
from sync.hub.keys import new_key_file, open_signer, public_path_of, read_public_key
from sync.hub.sentences import HubRefusalError
from sync.hub.tokens import TokenPlace, new_token_key
from tests.support.small_hub import ENOUGH, Kiosk, SmallHub, release

PASSWORD = "mật khẩu dài"  # noqa: S105  # of keys that live as long as a test
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "1234567"


def secret(password: str) -> Callable[[str], str]:
    return lambda _: password


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(HubRefusalError) as refusal:
        work()
    assert refusal.value.vi
    return refusal.value.code


def test_a_key_file_is_its_owners_alone_and_signs(tmp_path: Path) -> None:
    path = tmp_path / "so-1.pem"
    public = new_key_file(path, "Nguyễn Văn A", PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in path.read_bytes()
    assert read_public_key(public_path_of(path)) == public
    signer = open_signer(path, secret(PASSWORD))
    public.key.verify_signature(signer.sign(b"content"), b"content")


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "so-1.pem"
    new_key_file(path, "A", PASSWORD)
    before = path.read_bytes()
    assert refused(lambda: new_key_file(path, "B", PASSWORD)) == "key-exists"
    assert path.read_bytes() == before
    path.unlink()
    assert refused(lambda: new_key_file(path, "B", PASSWORD)) == "key-exists"
    assert not path.exists()


def test_what_opens_no_key_is_said_in_a_sentence(tmp_path: Path) -> None:
    path, bare, other = tmp_path / "so-1.pem", tmp_path / "bare.pem", tmp_path / "other.pem"
    new_key_file(path, "A", PASSWORD)
    private = Ed25519PrivateKey.generate()
    bare.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    other.write_bytes(b"no key")
    assert refused(lambda: open_signer(path, secret("mật khẩu sai"))) == "wrong-password"
    assert refused(lambda: open_signer(path, secret(""))) == "wrong-password"
    assert refused(lambda: open_signer(bare, secret(PASSWORD))) == "bare-key"
    assert refused(lambda: open_signer(other, secret(PASSWORD))) == "no-key-file"
    assert refused(lambda: open_signer(tmp_path / "none.pem", secret(PASSWORD))) == "no-key-file"
    assert refused(lambda: new_key_file(tmp_path / "b.pem", "B", "ngắn")) == "short-password"
    assert refused(lambda: read_public_key(path)) == "not-a-public-key"


def test_the_command_says_a_wrong_password_and_ends_with_the_operators_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n", encoding="utf-8")
    key = tmp_path / "a.pem"
    assert main(["key", "new", str(key), "--name", "A", "--password-file", str(password)]) == 0
    assert main(["key", "show", str(tmp_path / "a.pub.json")]) == 0
    assert read_public_key(tmp_path / "a.pub.json").key.keyid in capsys.readouterr().out
    assert main(["key", "new", str(key), "--name", "A", "--password-file", str(password)]) == 3
    assert "không bao giờ bị ghi đè" in capsys.readouterr().err
    assert main(["key", "new", str(key), "--name", "A", "--password-file", str(tmp_path / "none")]) == 2


@pytest.fixture
def token(tmp_path: Path) -> Iterator[str]:
    """A token in software, empty, in a folder of its own."""
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    label = f"the-{os.getpid()}"
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN],
        check=True,
        capture_output=True,
    )
    yield label
    os.environ.pop("PYKCS11LIB", None)
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def test_a_token_is_one_of_the_signers(token: str, tmp_path: Path) -> None:
    place = TokenPlace(SOFTHSM, token, 2)
    path = tmp_path / "so-2.token.json"
    assert refused(lambda: new_token_key(path, "Trần Thị B", place, secret("7654321"))) == "wrong-pin"
    assert refused(lambda: new_token_key(path, "B", TokenPlace(SOFTHSM, "none", 2), secret(PIN))) == "no-token"
    assert refused(lambda: new_token_key(path, "B", TokenPlace("/none.so", token, 2), secret(PIN))) == "no-token"
    public = new_token_key(path, "Trần Thị B", place, secret(PIN))
    assert public.key.scheme == "ecdsa-sha2-nistp256"
    assert read_public_key(tmp_path / "so-2.pub.json") == public
    again = new_token_key(tmp_path / "again.token.json", "Trần Thị B", place, secret(PIN))
    assert again.key == public.key, "a key that is on the token is taken, not made anew"
    assert refused(lambda: open_signer(path, secret("7654321")).sign(b"content")) == "wrong-pin"

    asked: list[str] = []

    def pin(prompt: str) -> str:
        asked.append(prompt)
        return PIN

    people = {name: CryptoSigner.generate_ed25519() for name in ("so-1", "bp-1", "bp-2")}
    small = SmallHub(tmp_path / "hub", people={"so-1": people["so-1"], "so-2": open_signer(path, pin), **people})
    small.found()
    small.release(1, *ENOUGH)
    assert len(asked) == 1
    kiosk = Kiosk(tmp_path / "kiosk", small.first_root)
    assert kiosk.release(small.hub.feed, small.now) == release(1)
