"""A mail server on a free port of this machine, which delivers what it takes into a Maildir."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dev.mta import mta_path
from dev.services import free_port
from tests.live import running, wait_until_listens

HOST, READERS = "mail.test", "example.org"
SETTINGS = """
hostname: "{host}"
smtp_address: "127.0.0.1:{port}"
submission_address: "127.0.0.1:0"
submission_over_tls_address: "127.0.0.1:0"
data_dir: "{folder}/queue"
mail_log_path: "<stderr>"
"""
DELIVER = """#!/bin/sh
cat > {box}/tmp/$$ && mv {box}/tmp/$$ {box}/new/$$
"""


@dataclass(frozen=True)
class MailServer:
    port: int
    box: Path
    log: Path


@contextmanager
def mail_server(folder: Path, reader: str) -> Iterator[MailServer]:
    """It takes mail for `reader` at example.org and nobody else."""
    server = MailServer(free_port(), folder / "box", folder / "log")
    for part in ("tmp", "new", "cur"):
        (server.box / part).mkdir(parents=True)
    script = folder / "deliver"
    script.write_text(DELIVER.format(box=server.box))
    script.chmod(0o700)
    domain = folder / "domains" / READERS
    domain.mkdir(parents=True)
    (domain / "aliases").write_text(f"{reader}: |{script}\n")
    (folder / "chasquid.conf").write_text(SETTINGS.format(host=HOST, port=server.port, folder=folder))
    _certify(folder / "certs" / HOST)
    with running([mta_path(), "-config_dir", str(folder)], {}, server.log):
        wait_until_listens(server.port, server.log)
        yield server


def _certify(folder: Path) -> None:
    """A certificate of its own, without which it does not start."""
    folder.mkdir(parents=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    begins = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
