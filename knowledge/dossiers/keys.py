"""Keyed hashes and sealed words: who reads the database alone learns no number and no code."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

_LENGTH: Final = 32  # hexadecimal digits kept of a hash
_NONCE: Final = 12
_TAG: Final = 8


class Keys:
    """Hashes and seals with one secret that stands outside the database."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hashlib.sha256(secret).digest()

    def proof(self, code: str, last_four: str) -> str:
        """What is kept of a number's last four digits: bound to its dossier."""
        return self._hash("proof", code, last_four)

    def name(self, kind: str, value: str) -> str:
        """A name for a chat or code that can be counted but not read."""
        return self._hash(kind, value)

    def seal(self, words: str) -> str:
        """The words so that only `unseal` reads them; at most 32 bytes."""
        plain = words.encode()
        nonce = os.urandom(_NONCE)
        if len(plain) > hashlib.sha256().digest_size:
            raise ValueError("too long to be sealed")
        hidden = bytes(a ^ b for a, b in zip(plain, self._stream(nonce), strict=False))
        tag = self._mac(b"tag", nonce + hidden)[:_TAG]
        return base64.urlsafe_b64encode(nonce + tag + hidden).decode()

    def unseal(self, sealed: str) -> str | None:
        """The words again; None when they were sealed with another secret."""
        try:
            raw = base64.urlsafe_b64decode(sealed)
        except ValueError:
            return None
        nonce, tag, hidden = raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]
        if not hmac.compare_digest(tag, self._mac(b"tag", nonce + hidden)[:_TAG]):
            return None
        return bytes(a ^ b for a, b in zip(hidden, self._stream(nonce), strict=False)).decode()

    def _hash(self, *parts: str) -> str:
        return self._mac(b"hash", "\x1f".join(parts).encode()).hex()[:_LENGTH]

    def _stream(self, nonce: bytes) -> bytes:
        return self._mac(b"seal", nonce)

    def _mac(self, use: bytes, words: bytes) -> bytes:
        return hmac.digest(self._secret, use + b"\x1f" + words, "sha256")


def keys_at(path: Path) -> Keys:
    """The keys of the secret in a file; the file is made, for this user only, if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Keys(path.read_bytes())
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return Keys(path.read_bytes())
