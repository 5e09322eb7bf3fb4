"""The server is killed (SIGKILL) at random moments while phones send inspections with photos.

What was acknowledged must be there afterwards, once and whole: inspections that were answered with
"filed", photos that were answered with "here", findings found once, files as their hashes say, and
an unbroken journal. 1,000 kills are the full size; each costs a start of the server.
"""

import argparse
import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

from flask import Flask

from audit.checklists.loader import get_checklist
from audit.core.db import db
from audit.core.ids import new_id
from audit.core.settings import ROOT
from audit.findings.models import Finding
from audit.inspections.models import Inspection, InspectionPhoto
from audit.photos.actions import photo_storage
from audit.photos.drawing import Scene, drawn_photo
from audit.photos.models import Photo
from audit.photos.rules import original_key
from tests.factories import Factory, session_cookie
from tests.inspections.device import hash_of

from .ground import free_port, say_database, scratch_app

PHONES, PIECE = 3, 4096
BROKEN = (OSError, http.client.HTTPException, ValueError)


@dataclass
class Acknowledged:
    filed: list[UUID] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    tries: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with scratch_app() as app:
        say_database(app)
        heard = _besiege(app, options.kills, random.Random(options.seed))  # noqa: S311 -- a test's
        _judge(app, options.kills, heard)


def _besiege(app: Flask, kills: int, chance: random.Random) -> Acknowledged:
    heard, over, port = Acknowledged(), threading.Event(), free_port()
    make = Factory(app)
    phones = [
        _Phone(port, session_cookie(app, make.session_of(make.person("supervisor"))), make, heard)
        for _ in range(PHONES)
    ]
    threads = [threading.Thread(target=one.work, args=(over,)) for one in phones]
    for one in threads:
        one.start()
    for _ in range(kills):
        server = _start(app, port)
        time.sleep(chance.uniform(0, 2))
        server.send_signal(signal.SIGKILL)
        server.wait()
    server = _start(app, port)
    over.set()  # each ends what it has begun
    for one in threads:
        one.join()
    server.terminate()
    server.wait(timeout=60)
    return heard


def _start(app: Flask, port: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {"TANTU_VAR_DIR": str(app.config["SETTINGS"].var_dir)}
    command = [sys.executable, str(ROOT / "run.py"), "serve", "--no-worker", "--port", str(port)]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while True:
        with contextlib.suppress(*BROKEN):
            asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            asking.request("GET", "/healthz")
            asking.getresponse().read()
            return server
        time.sleep(0.02)


class _Phone:
    """Sends one inspection after the other, each until it is told that it is filed."""

    photos = itertools.count(1)

    def __init__(self, port: int, cookie: str, make: Factory, heard: Acknowledged) -> None:
        self.port, self.cookie, self.make, self.heard = port, cookie, make, heard
        self.device, self.counter, self.token = new_id(), 0, ""

    def work(self, over: threading.Event) -> None:
        while not over.is_set():
            place = self.make.toilet()
            photo = drawn_photo(Scene.TOILET, next(self.photos), (320, 240))
            self._send(new_id(), place, photo)

    def _send(self, visit: UUID, place: UUID, photo: bytes) -> None:
        self.counter += 1
        body = json.dumps(self._content(place, photo)).encode()
        while True:
            self.heard.tries += 1
            with contextlib.suppress(*BROKEN):
                told = self._ask("PUT", f"/capture/zh/inspections/{visit}", body)
                if told["state"] == "waiting":
                    self._upload(place, photo)
                elif told["state"] == "filed":
                    self.heard.filed.append(visit)
                    return
                else:
                    raise RuntimeError(f"not expected: {told}")
                continue
            time.sleep(0.1)

    def _upload(self, place: UUID, photo: bytes) -> None:
        path, about = f"/capture/photos/{hash_of(photo)}", json.dumps({"facility": str(place)})
        known = self._ask("GET", path)
        while known["state"] != "here":
            at = int(known["offset"])
            headers = {"Upload-Offset": str(at), "Upload-Length": str(len(photo))}
            headers["Photo-About"] = about
            known = self._ask("PATCH", path, photo[at : at + PIECE], headers)
        self.heard.photos.append(hash_of(photo))

    def _content(self, place: UUID, photo: bytes) -> dict[str, object]:
        return {
            "contract": 1, "device": str(self.device), "counter": self.counter,
            "facility": str(place), "checklist": "public-toilet",
            "edition": get_checklist("public-toilet").edition,
            "typed": {
                "wc-provision": ["male_stall"], "wc-stall-width": ["1400"],
                "no_photo_reason": ["我看不见，由陪同人确认"],
            },
            "photos": [{"item": "wc-stall-width", "sha256": hash_of(photo), "size": len(photo)}],
        }  # fmt: skip

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> dict[str, object]:
        if method != "GET" and not self.token:
            self._sign()
        given = {"Accept": "application/json", "Cookie": f"tantu={self.cookie}"}
        given |= {"X-CSRFToken": self.token, **(headers or {})}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(line):
            line.request(method, path, body, given)
            answer = line.getresponse()
            told: dict[str, object] = json.loads(answer.read())
            if answer.status == http.client.SERVICE_UNAVAILABLE:
                raise OSError("busy")
            return told

    def _sign(self) -> None:
        """The token goes with a cookie that the first answer changes."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(line):
            line.request("GET", "/capture/me", headers={"Cookie": f"tantu={self.cookie}"})
            answer = line.getresponse()
            self.token = str(json.loads(answer.read())["csrf_token"])
            self.cookie = (answer.getheader("Set-Cookie") or "").split(";")[0].partition("=")[2]


def _judge(app: Flask, kills: int, heard: Acknowledged) -> None:
    with app.app_context():
        filed = set(
            db.session.scalars(db.select(Inspection.id).where(Inspection.filed_at.is_not(None)))
        )
        kept = list(db.session.scalars(db.select(Photo.sha256)))
        twice = db.session.scalars(db.select(Finding).where(Finding.times_found > 1)).all()
        shown = len(db.session.scalars(db.select(InspectionPhoto.photo_id)).all())
        damaged = [one for one in set(kept) if _hash(one) != one]
    lost = len(set(heard.filed) - filed) + len(set(heard.photos) - set(kept))
    doubled = len(twice) + len(kept) - len(set(kept)) + (shown - len(filed))
    print(f"{kills} kills, {heard.tries} tries of {len(heard.filed)} inspections")
    print(f"acknowledged but lost: {lost}; doubled: {doubled}; damaged: {len(damaged)}")
    settings = app.config["SETTINGS"]
    checked = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "fsck"],
        env=os.environ | {"TANTU_VAR_DIR": str(settings.var_dir)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(f"run.py fsck: {'nothing wrong' if checked.returncode == 0 else checked.stdout}")


def _hash(sha256: str) -> str:
    try:
        with photo_storage().open(original_key(sha256)) as file:
            return hash_of(file.read())
    except FileNotFoundError:
        return ""
