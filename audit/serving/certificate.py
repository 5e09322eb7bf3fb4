"""A certificate for trying with a phone in the same network, made by `openssl`.

A browser installs no offline pages behind a certificate that it only tolerates: the phone must
trust it. So there is an authority of one's own whose certificate is put on the phone once; it may
vouch for nothing but this machine's addresses, whoever got hold of its key.
"""

import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

AUTHORITY_DAYS, DAYS = 365, 90
KEY_KIND = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


@dataclass(frozen=True)
class Trial:
    """`authority` is what goes on the phone; `address` is the one that the phone opens."""

    authority: Path
    certificate: Path
    key: Path
    address: str


def trial_certificate(folder: Path, host: str) -> Trial:
    """Made anew where the machine's addresses have changed since, or it is old."""
    addresses = _addresses(host)
    names = ",".join(["DNS:localhost", *(f"IP:{one}" for one in addresses)])
    trial = Trial(
        folder / "phone-ca.crt", folder / "server.crt", folder / "server.key", addresses[0]
    )
    known = folder / "made-for.txt"
    if not (known.exists() and known.read_text() == names and _is_fresh(trial.certificate)):
        if shutil.which("openssl") is None:
            raise click.ClickException("there is no program openssl: install it, and try again")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(folder, trial, names, addresses)
        known.write_text(names)
    return trial


def _addresses(host: str) -> list[str]:
    """Of this machine, the one that leads out of it first."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 -- compared, not listened on
        return list(dict.fromkeys([socket.gethostbyname(host), "127.0.0.1"]))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; asks which way it would go
            outward = [str(probe.getsockname()[0])]
        except OSError:
            outward = []
    return list(dict.fromkeys([*outward, "127.0.0.1"]))


def _is_fresh(certificate: Path) -> bool:
    asked = ("x509", "-in", certificate, "-noout", "-checkend", 7 * 24 * 3600)
    return certificate.exists() and _openssl(*asked).returncode == 0


def _make(folder: Path, trial: Trial, names: str, addresses: list[str]) -> None:
    only = ",".join(
        ["permitted;DNS:localhost", *(f"permitted;IP:{one}/255.255.255.255" for one in addresses)]
    )
    with tempfile.TemporaryDirectory(dir=folder) as scratch:  # the authority's key is thrown away
        ca_key, asked, extra = (Path(scratch) / name for name in ("ca.key", "asked", "extra"))
        _must(
            "req", "-x509", *KEY_KIND, "-keyout", ca_key, "-out", trial.authority,
            "-days", AUTHORITY_DAYS, "-subj", "/CN=Tantu trial",
            "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0",
            "-addext", "keyUsage=critical,keyCertSign",
            "-addext", f"nameConstraints=critical,{only}",
        )  # fmt: skip
        _must("req", *KEY_KIND, "-keyout", trial.key, "-out", asked, "-subj", "/CN=localhost")
        extra.write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
        _must(
            "x509", "-req", "-in", asked, "-CA", trial.authority, "-CAkey", ca_key,
            "-CAcreateserial", "-out", trial.certificate, "-days", DAYS, "-extfile", extra,
        )  # fmt: skip
    trial.key.chmod(0o600)


def _must(*arguments: object) -> None:
    ran = _openssl(*arguments)
    if ran.returncode:
        raise click.ClickException(f"openssl {arguments[0]} failed: {ran.stderr.strip()}")


def _openssl(*arguments: object) -> subprocess.CompletedProcess[str]:
    program = shutil.which("openssl") or "openssl"
    command = [program, *(str(one) for one in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
