"""One content in three forms: the layout of GB/T 9704, and every word as it was typed."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import html5lib
import pikepdf
import pytest
from docx.oxml.ns import qn

from audit.documents.paper import paper_file
from audit.documents.printing import print_pdf
from audit.documents.rules.composing import compose
from audit.documents.rules.content import content_from, digest
from audit.documents.rules.kinds import ARTICLES, Article, Kind
from audit.documents.word import word_file
from tests.documents.contents import HOSTILE, NAME, PICTURE, TURNED, content, matter

PICTURES = {NAME: PICTURE}


def words_of(raw: bytes) -> str:
    """Of a DOCX, all its paragraphs, those in tables too."""
    document = docx.Document(io.BytesIO(raw))
    return "\n".join(
        "".join(part.text or "" for part in one.iter(qn("w:t")))
        for one in document.element.body.iter(qn("w:p"))
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_comes_back_from_json_as_it_was(kind: Kind) -> None:
    made = content(kind, *HOSTILE, *TURNED)
    assert content_from(made.plain()) == made
    assert digest(made.plain()) == digest(content_from(made.plain()).plain())


def test_hostile_words_are_shown_as_they_are_in_word_and_html() -> None:
    made = content(Kind.ORDER, *HOSTILE, *TURNED)
    word = words_of(word_file(made, PICTURES))
    page = paper_file(made, PICTURES).decode()
    read = html5lib.parse(page, namespaceHTMLElements=False)
    shown = "".join(read.itertext())
    for one in [*HOSTILE, *TURNED.values()]:
        assert one in word
        assert one in shown
    tags = {element.tag for element in read.iter()}
    assert not tags & {"script", "b", "figure"}
    assert not re.search(r"[\x00\u202e]", word + page)


def test_word_is_laid_out_as_an_official_paper() -> None:
    raw = word_file(content(), PICTURES)
    document = docx.Document(io.BytesIO(raw))
    page = document.sections[0]
    sizes = (page.page_width, page.page_height, page.top_margin, page.left_margin,
             page.right_margin, page.bottom_margin)  # fmt: skip
    assert [round(one.mm) for one in sizes if one] == [210, 297, 37, 28, 26, 35]
    normal, title = document.styles["Normal"], document.styles["Title"]
    assert (normal.font.size.pt, normal.paragraph_format.line_spacing.pt) == (16, 29)
    assert title.font.size.pt == 22
    assert document.core_properties.title == "责令限期改正通知书"
    assert document.core_properties.language == "zh-CN"
    assert document.paragraphs[0].style.name == "Title"
    fonts = document.styles["Heading 1"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "黑体" and fonts.get(qn("w:eastAsiaTheme")) is None
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings[:3] == ["一、被通知单位", "二、检查情况", "三、问题清单"]


def test_word_can_be_read_by_a_screen_reader() -> None:
    raw = word_file(content(), PICTURES)
    document = docx.Document(io.BytesIO(raw))
    alts = [one.get("descr") for one in document.element.body.iter(qn("wp:docPr"))]
    assert alts == ["照片1：公厕，厕位太窄", "照片2：公厕，厕位太窄"]
    repeated = [
        table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables
    ]
    assert repeated.count(True) == 2  # places and problems; the others have their heads at the side
    names = [one._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for one in document.tables]
    assert all(names)
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        styles, fonts = parts.read("word/styles.xml"), parts.read("word/fontTable.xml")
        footer = b"".join(parts.read(one) for one in parts.namelist() if "footer" in one)
    assert b'w:lang w:val="zh-CN"' in styles
    assert "仿宋,FangSong".encode() in fonts
    assert b">PAGE<" in footer


@pytest.mark.parametrize("article", [one for one in Article if one])
def test_an_order_says_its_article_and_what_follows(article: Article) -> None:
    facts = ARTICLES[article]
    made = str(compose(Kind.ORDER, replace(matter(), article=article)))
    assert facts.cited in made and facts.after in made
    assert "现责令你单位限期改正" in made


def test_advice_orders_nothing() -> None:
    made = str(content(Kind.ADVICE))
    assert "不是行政机关的责令改正决定" in made
    assert "现责令" not in made


@pytest.mark.browser
def test_pdf_is_tagged_and_its_fonts_are_in_it() -> None:
    made = content(Kind.ORDER, *HOSTILE[:6])
    with pikepdf.open(io.BytesIO(print_pdf(paper_file(made, PICTURES)))) as pdf:
        root = pdf.Root
        assert root.Lang == "zh-CN"
        assert root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]).startswith("责令限期改正通知书")
        assert "/Outlines" in root
        kinds = list(structure(root.StructTreeRoot.K))
        assert [kind for kind, _ in kinds].count("/H1") == 1
        assert {"/H2", "/Table", "/TH", "/TD", "/P"} <= {kind for kind, _ in kinds}
        alts = [alt for kind, alt in kinds if kind == "/Figure"]
        assert alts == ["照片1：公厕，厕位太窄", "照片2：公厕，厕位太窄"]
        assert [round(float(side) * 25.4 / 72) for side in pdf.pages[0].MediaBox[2:]] == [210, 297]
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts and all(is_embedded(font) for font in fonts)


def structure(node: pikepdf.Object) -> list[tuple[str, str]]:
    """Kind and words of every element, from the top."""
    if isinstance(node, pikepdf.Array):
        return [pair for one in node for pair in structure(one)]
    if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
        return []
    below = structure(node.K) if "/K" in node else []
    return [(str(node.S), str(node.get("/Alt", ""))), *below]


def is_embedded(font: pikepdf.Object) -> bool:
    if font.Subtype == "/Type3":  # its shapes are drawn in the file itself
        return len(font.CharProcs) > 0
    inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    return any(name in inner.FontDescriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
