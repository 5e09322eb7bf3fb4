"""A real Chromium captures inspections through a network that resets connections at random, and its
page is killed at random. Afterwards every inspection must be filed once, with all its photos.

Full size: 50 inspections of six photos, all of one item, which takes no more. What the phone sent
is compared with the photos' own bytes.
"""

import argparse
import asyncio
import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask

from audit.core.db import db
from audit.findings.models import Finding
from audit.inspections.models import Inspection, InspectionPhoto
from audit.photos.models import Photo
from tests.capture.conftest import Phone
from tests.chromium import start_chromium
from tests.factories import Factory

from .ground import live_server, say_database, scratch_app

WIDTH, WHY = "wc-stall-width", "我看不见，由陪同人确认"
LONGEST_BYTES = 300_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench phone-faults", description=__doc__)
    parser.add_argument("--inspections", type=int, default=50)
    parser.add_argument("--photos", type=int, default=6, help="of each, six at most")
    parser.add_argument("--resets", type=float, default=0.3, help="share of connections")
    parser.add_argument("--kills", type=float, default=0.3, help="share of inspections")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 -- a test's
    with scratch_app() as app, live_server(app) as port, lossy(port, options.resets, chance) as net:
        say_database(app)
        made = _work(app, net, options, chance)
        _judge(app, net, made, options)


@dataclass
class Net:
    """The proxy's port, what it cut, and how many bytes the phone has sent through it."""

    port: int = 0
    connections: int = 0
    resets: int = 0
    sent: int = 0
    share: float = 0


@contextlib.contextmanager
def lossy(target: int, share: float, chance: random.Random) -> Iterator[Net]:
    net, loop = Net(share=share), asyncio.new_event_loop()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        net.connections += 1
        cut = chance.randrange(LONGEST_BYTES) if chance.random() < net.share else None
        inner = await asyncio.open_connection("127.0.0.1", target)
        both = [
            asyncio.create_task(_pump(reader, inner[1], net, cut)),
            asyncio.create_task(_pump(inner[0], writer, None, None)),
        ]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        for each in (writer, inner[1]):
            each.transport.abort()  # a reset, not a polite end

    server = loop.run_until_complete(asyncio.start_server(carry, "127.0.0.1", 0))
    net.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield net
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, net: Net | None, cut: int | None
) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(16384):
            if net is not None:
                net.sent += len(piece)
            if net is not None and cut is not None and (cut := cut - len(piece)) <= 0:
                net.resets += 1
                return
            writer.write(piece)
            await writer.drain()


def _work(app: Flask, net: Net, options: argparse.Namespace, chance: random.Random) -> list[UUID]:
    make = Factory(app)
    places = [make.toilet(name=f"公厕 {number}") for number in range(options.inspections)]
    driver = start_chromium("browser")
    with tempfile.TemporaryDirectory() as folder:
        phone = Phone(driver, app, f"http://127.0.0.1:{net.port}", Path(folder))
        phone.sign_in(make.session_of(make.person("supervisor")))
        share, net.share = net.share, 0  # the first visit is made where there is a good network
        phone.open()
        phone.says("资料更新于")
        phone.is_kept()
        net.share = share
        for number, place in enumerate(places):
            _capture(phone, place, number, options, chance)
        _wait(app, phone, len(places))
    driver.quit()
    return places


def _capture(
    phone: Phone, place: UUID, number: int, options: argparse.Namespace, chance: random.Random
) -> None:
    phone.driver.execute_script("location.hash = arguments[0]", f"#/new/{place}/public-toilet")
    phone.choose("wc-provision", "male_stall")
    phone.type(WIDTH, "1400")
    phone.type("no_photo_reason", WHY)
    phone.says("已存在本机", ".sticky-bar")
    for photo in range(options.photos):
        phone.take_photo(WIDTH, seed=1 + number * 100 + photo)
        phone.says(f"已有 {photo + 1} 张照片")
    if chance.random() < options.kills:
        address = phone.driver.current_url
        phone.kill()
        phone.driver.get(address)
        phone.says(f"已有 {options.photos} 张照片")
    phone.press('button[type="submit"]')
    phone.says("公厕", "[data-slot=drafts]")
    if chance.random() < options.kills:
        time.sleep(chance.uniform(0, 1))
        phone.kill()
        phone.open()


def _wait(app: Flask, phone: Phone, wanted: int) -> None:
    limit = time.monotonic() + 60 + 30 * wanted
    while time.monotonic() < limit:
        with app.app_context():
            where = Inspection.filed_at.is_not(None)
            done = db.select(db.func.count()).select_from(Inspection).where(where)
            if db.session.scalar(done) == wanted:
                return
        time.sleep(1)
    print("not all came in time; the phone says:\n" + phone.text("main"))


def _judge(app: Flask, net: Net, places: list[UUID], options: argparse.Namespace) -> None:
    with app.app_context():
        filed = db.session.scalars(db.select(Inspection.facility_id)).all()
        twice = db.session.scalars(db.select(Finding).where(Finding.times_found > 1)).all()
        shown = len(db.session.scalars(db.select(InspectionPhoto.photo_id)).all())
        payload = db.session.scalar(db.select(db.func.sum(Photo.byte_size))) or 1
    wanted = len(places) * options.photos
    print(f"{len(places)} inspections, {net.resets} of {net.connections} connections reset")
    print(f"lost: {len(set(places) - set(filed))} inspections, {wanted - shown} photos")
    print(f"doubled: {len(filed) - len(set(filed)) + len(twice)}")
    print(f"sent: {net.sent / payload:.2f} times the bytes of the photos")
