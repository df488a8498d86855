"""An authenticator made of software: what a browser and a security key do together."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


class SoftKey:
    """One credential. `origin` is where its browser believes to be."""

    def __init__(self, origin: str = "http://kestrel.localhost") -> None:
        self.origin = origin
        self.id = os.urandom(32)
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.uses = 0
        self.handle = b""
        self.counts = True
        self.verifies = True

    def create(self, options: dict[str, Any]) -> str:
        """The answer to options for a new passkey, as JSON."""
        asked = options["publicKey"]
        self.handle = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.secret.public_key())
        data = AttestedCredentialData.create(bytes(16), self.id, public)
        auth_data = AuthenticatorData.create(
            self._site(asked["rp"]["id"]), self._flags() | FLAG.AT, self.uses, data
        )
        attestation = AttestationObject.create("none", auth_data, {})
        response = {"attestationObject": websafe_encode(attestation)}
        return self._answer("webauthn.create", asked["challenge"], response)

    def get(self, options: dict[str, Any]) -> str:
        """The answer to options for signing in, as JSON."""
        asked = options["publicKey"]
        self.uses += 1 if self.counts else 0
        auth_data = AuthenticatorData.create(self._site(asked["rpId"]), self._flags(), self.uses)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.secret.sign(
            auth_data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        response = {
            "authenticatorData": websafe_encode(auth_data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self.handle),
        }
        return self._answer("webauthn.get", asked["challenge"], response)

    def _site(self, host: str) -> bytes:
        return hashlib.sha256(host.encode()).digest()

    def _flags(self) -> Any:
        return FLAG.UP | FLAG.UV if self.verifies else FLAG.UP

    def _client(self, kind: str, challenge: str) -> bytes:
        asked = websafe_decode(challenge)
        return bytes(CollectedClientData.create(type=kind, challenge=asked, origin=self.origin))

    def _answer(self, kind: str, challenge: str, response: dict[str, str]) -> str:
        client = websafe_encode(self._client(kind, challenge))
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {"clientDataJSON": client, **response},
                "clientExtensionResults": {},
            }
        )
