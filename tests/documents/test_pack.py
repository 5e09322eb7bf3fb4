"""A referral pack: one drafts it, another hands it over, and everybody can check every byte."""

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from audit.accounts.rules import OrganisationKind
from audit.core.db import db, transaction
from audit.core.errors import Conflict
from audit.documents.handing import parts_of
from audit.documents.models import Document
from audit.documents.queries import get_document
from audit.documents.rules.kinds import Kind
from audit.findings.actions.life import Told, act
from audit.findings.rules import Verb
from audit.journal.models import JournalEntry
from audit.journal.queries import entries_about
from audit.photos.actions import destroy_original
from audit.photos.models import Photo
from tests.careful import CarefulClient
from tests.documents.papers import Papers
from tests.factories import ANYUE, YANJIANG, Factory

SignedIn = Callable[..., CarefulClient]
HOSTILE = "=cmd|' /C calc'!A0 \u202e<b>"


@pytest.fixture
def number(make: Factory) -> str:
    """With a picture of what was reported to be fixed."""
    return make.fixed(make.organisation("市政维护公司"))


@pytest.fixture
def court(make: Factory) -> UUID:
    return make.organisation("雁江区人民检察院", OrganisationKind.PROCURATORATE)


def exported(app: Flask, made: UUID) -> bytes:
    with app.app_context():
        return b"".join(parts_of(db.session.get_one(Document, made)))


def test_sha256sum_finds_every_file_of_an_exported_pack_as_it_was_issued(
    app: Flask, papers: Papers, number: str, court: UUID, tmp_path: Path
) -> None:
    made = papers.issued([number], Kind.PACK, extent=HOSTILE)
    papers.finish(made)
    raw = exported(app, made)
    with app.app_context():
        document = get_document(made, papers.second)
        kept = document.file("zip")
        assert kept and (kept.sha256, kept.byte_size) == (
            hashlib.sha256(raw).hexdigest(), len(raw)
        )  # fmt: skip
        content, folder = document.content_sha256, f"{document.number}-v1"
        issued = next(one for one in entries_about("document", made, 9) if one.verb == "approve")
        chain = {"seq": issued.seq, "hash": issued.hash}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        archive.extractall(tmp_path)
        assert archive.testzip() is None
    where = tmp_path / folder
    told = subprocess.run(
        ["/usr/bin/sha256sum", "-c", "SHA256SUMS"], cwd=where, capture_output=True, text=True,
        check=True,
    ).stdout.splitlines()  # fmt: skip
    files = {one.relative_to(where).as_posix() for one in where.rglob("*") if one.is_file()}
    assert {line.removesuffix(": OK") for line in told} == files - {"SHA256SUMS"}
    manifest = json.loads((where / "manifest.json").read_bytes())
    assert (manifest["content_sha256"], manifest["journal"]) == (content, chain)
    originals = manifest["originals"]
    assert [one["file"] for one in originals if one["side"] == "after"]
    for one in originals:
        assert hashlib.sha256((where / one["file"]).read_bytes()).hexdigest() == one["sha256"]
    places = json.loads((where / "points.geojson").read_bytes())["features"]
    assert places[0]["geometry"]["coordinates"] == pytest.approx([104.6276, 30.1222])
    (where / originals[0]["file"]).chmod(0o600)
    (where / originals[0]["file"]).write_bytes(b"another picture")
    broken = subprocess.run(
        ["/usr/bin/sha256sum", "-c", "SHA256SUMS"], cwd=where, capture_output=True, check=False
    )  # fmt: skip
    assert broken.returncode == 1


def test_the_bytes_are_the_same_each_time_and_no_table_runs(
    app: Flask, papers: Papers, number: str, court: UUID, make: Factory
) -> None:
    with app.app_context(), transaction():
        make.finding_named(number).title_zh = HOSTILE
    made = papers.issued([number], Kind.PACK)
    papers.finish(made)
    assert exported(app, made) == exported(app, made)
    with zipfile.ZipFile(io.BytesIO(exported(app, made))) as archive:
        inside = {one.filename.split("/", 1)[1]: one for one in archive.infolist()}
        points = archive.read(inside["points.csv"]).decode("utf-8-sig")
    assert "'=cmd|" in points and ",=cmd" not in points
    assert "⟦U+202E⟧" in points and "\u202e" not in points
    assert {one.date_time for one in inside.values()} == {inside["SHA256SUMS"].date_time}


def test_what_is_handed_over_is_referred_by_it_and_says_so(
    app: Flask, papers: Papers, make: Factory, court: UUID
) -> None:
    number = make.dispatched(make.organisation("市政维护公司"))
    other = make.dispatched(make.organisation("另一个单位"))  # a pack may speak of several
    with app.app_context(), transaction():
        act(make.finding_named(other), Verb.REFER, papers.drafter, Told("先移送了。"))
    made = papers.waiting([number, other], Kind.PACK)
    with app.app_context():
        assert make.finding_named(number).referred_at is None
    papers.approve(made, papers.second)
    with app.app_context():
        document = get_document(made, papers.drafter)
        assert document.organisation.name == "雁江区人民检察院"
        referred = [
            [event.why for event in one.finding.events if event.verb is Verb.REFER]
            for one in document.findings
        ]
        assert referred == [[f"随线索包 {document.number} 移送。"], ["先移送了。"]]
        content = str(document.content)
    for told in ("第六十三条", "第六十四条", "第十八条", "盲道缺失 9 处，共 121 m", "另一个单位",
                 "肢体障碍者：2 个问题", "随线索包", "先移送了。", "首次检查"):  # fmt: skip
        assert told in content, told


def test_a_pack_needs_a_procuratorate_and_one_district(
    papers: Papers, make: Factory, number: str
) -> None:
    with pytest.raises(Conflict):
        papers.draft([number], Kind.PACK)
    make.organisation("市人民检察院", OrganisationKind.PROCURATORATE)
    papers.drafter = make.actor("coordinator", district=None)
    with pytest.raises(Conflict) as told:
        papers.draft([number, make.finding(district=ANYUE)], Kind.PACK)
    assert number not in str(told.value.message)
    fresh = make.finding()
    with pytest.raises(Conflict):
        papers.draft([fresh], Kind.PACK)


def test_a_prosecutor_reads_packs_of_their_district_and_nothing_else(
    app: Flask, papers: Papers, number: str, court: UUID, signed_in: SignedIn
) -> None:
    advice, made = papers.issued([number], Kind.REPLY), papers.issued([number], Kind.PACK)
    papers.finish(made)
    here = signed_in("prosecutor", district=YANJIANG, organisation=court)
    there = signed_in("prosecutor", district=ANYUE)
    where = f"/documents/{made}"
    page = here.get(where).text
    assert "线索摘要" in page and "起草更正版" not in page and "怎样核对" in page
    assert here.get(f"{where}/files/docx").status_code == 200
    assert here.get(f"/documents/{advice}").status_code == 404
    assert here.get(f"/documents/new?pick={number}").status_code == 403
    assert here.send(f"{where}/correct", {}, where).status_code == 403
    assert here.send(f"{where}/zip", {"why": ""}, where).status_code == 422
    answer = here.send(f"{where}/zip", {"why": "立案审查。"}, where)
    assert answer.status_code == 200 and answer.data == exported(app, made)
    assert here.get("/documents/checking").status_code == 200
    for path in ("", "/files/docx"):
        assert there.get(f"{where}{path}").status_code == 404
    assert there.send(f"{where}/zip", {"why": "看看。"}, "/documents/").status_code == 404
    for role in ("supervisor", "department"):
        assert signed_in(role).get(where).status_code == 404
    with app.app_context():
        told = db.session.scalars(
            db.select(JournalEntry).where(JournalEntry.why == "立案审查。")
        ).all()
        verbs = [one.verb for one in told]
        assert verbs.count("export") == 1 and verbs.count("open_original") == 1


def test_after_retention_it_is_not_exported_and_the_paper_stays(
    app: Flask, papers: Papers, number: str, court: UUID, signed_in: SignedIn
) -> None:
    made = papers.issued([number], Kind.PACK)
    papers.finish(made)
    with app.app_context(), transaction():
        for photo in db.session.scalars(db.select(Photo)):
            destroy_original(photo, papers.drafter, "保存期限已到")
    one, where = signed_in("coordinator"), f"/documents/{made}"
    assert one.send(f"{where}/zip", {"why": "移送。"}, where).status_code == 409
    assert one.get(f"{where}/files/docx").status_code == 200


def test_before_the_papers_are_made_there_is_no_pack(
    app: Flask, papers: Papers, number: str, court: UUID, signed_in: SignedIn
) -> None:
    made = papers.issued([number], Kind.PACK)
    where = f"/documents/{made}"
    one = signed_in("coordinator")
    assert "正在生成" in one.get(where).text
    assert one.send(f"{where}/zip", {"why": "移送。"}, where).status_code == 409
