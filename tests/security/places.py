"""What a person enters for systems that are never asked: a server's key, and a description."""

from pathlib import Path

import certifi

AUTHORITY = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----")[0]
AUTHORITY = f"-----BEGIN{AUTHORITY.rpartition('-----BEGIN')[2]}-----END CERTIFICATE-----"
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
DESCRIPTION = """auth: {kind: bearer, secret: token}
streams:
  orders: {object: order, path: /orders}
"""
