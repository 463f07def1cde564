"""Keys on tokens behind PKCS#11: made there, never leaving it; a PIN opens them each time something is signed."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pkcs11
from pkcs11.exceptions import NoSuchToken, PinIncorrect, PinLenRange, PinLocked, PKCS11Error
from pkcs11.util.ec import encode_named_curve_parameters
from securesystemslib.signer import HSMSigner, SecretsHandler, Signature

from sync.hub.keys import PublicKey, Secret, write_token_file
from sync.hub.sentences import HubRefusalError
from sync.hub.trust_plan import read_key

_KIND: Final = "signage-token-key"
_LIBRARY: Final = "PYKCS11LIB"
"""Where securesystemslib looks for the token's library."""
_CURVE: Final = "secp256r1"


class TokenSigner(HSMSigner):
    """Signs on a token, and says in a sentence what is wrong with it."""

    def sign(self, payload: bytes) -> Signature:
        """Sign. Raises ``HubRefusalError``."""
        try:
            signature = super().sign(payload)
        except (PinIncorrect, PinLenRange):
            raise HubRefusalError(code="wrong-pin", name=self.token_label) from None
        except PinLocked:
            raise HubRefusalError(code="pin-locked", name=self.token_label) from None
        except (ValueError, PKCS11Error):
            raise HubRefusalError(code="no-token", name=self.token_label) from None
        return signature


def open_token(path: Path, content: bytes, secret: Secret) -> HSMSigner:
    """The signer of a token file. Raises ``HubRefusalError`` where it is none; the token itself is asked on signing."""
    try:
        told = json.loads(content)
        library, label, number = str(told["library"]), str(told["token"]), int(told["key"])
        public = read_key(told["public_key"])
        if told["kind"] != _KIND:
            raise HubRefusalError(code="no-key-file", name=path)
    except (ValueError, LookupError, TypeError):
        raise HubRefusalError(code="no-key-file", name=path) from None
    os.environ[_LIBRARY] = library
    return TokenSigner(number, public, _asked_once(secret, label), label)


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a key is: the PKCS#11 library's path, the token's label, the key's number on it."""

    library: str
    label: str
    number: int


def new_token_key(path: Path, name: str, place: TokenPlace, secret: Secret) -> PublicKey:
    """Make a key on a token, or take the one that has this number, and write the files that name it.

    Raises ``HubRefusalError``.
    """
    if path.exists():
        raise HubRefusalError(code="key-exists", name=path)
    os.environ[_LIBRARY] = place.library
    label = place.label
    pin = _asked_once(secret, label)
    try:
        _make_where_missing(place, name, pin)
        _, key = HSMSigner.import_(place.number, label, pin)
    except (PinIncorrect, PinLenRange):
        raise HubRefusalError(code="wrong-pin", name=label) from None
    except PinLocked:
        raise HubRefusalError(code="pin-locked", name=label) from None
    except (ValueError, PKCS11Error):
        raise HubRefusalError(code="no-token", name=label) from None
    told: dict[str, object] = {
        "format_version": 1,
        "kind": _KIND,
        "library": place.library,
        "token": label,
        "key": place.number,
        "public_key": {"keyid": key.keyid, **key.to_dict()},
    }
    public = PublicKey(name, key)
    write_token_file(path, told, public)
    return public


def _make_where_missing(place: TokenPlace, name: str, pin: SecretsHandler) -> None:
    try:
        token = pkcs11.lib(place.library).get_token(token_label=place.label)
    except (NoSuchToken, RuntimeError):
        raise HubRefusalError(code="no-token", name=place.label) from None
    identity = pkcs11.util.biginteger(place.number)
    with token.open(rw=True, user_pin=pin("pin")) as session:
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.Attribute.ID: identity}
        if list(session.get_objects(wanted)):
            return
        curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVE)}
        parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        parameters.generate_keypair(store=True, id=identity, label=name)


def _asked_once(secret: Secret, label: str) -> SecretsHandler:
    """A PIN is asked for once, however many parts are signed."""
    known: list[str] = []

    def pin(_: str) -> str:
        if not known:
            known.append(secret(f"Mã PIN của thiết bị khóa “{label}”"))
        return known[0]

    return pin
