"""The content as DOCX, in the layout of GB/T 9704-2012, without red head and seal.

The fonts that the standard asks for may not be passed on: they are named, with fall-backs.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from .rules.content import (
    LANGUAGE,
    NO_DAY,
    Block,
    Content,
    Fields,
    Figure,
    Heading,
    Paragraph,
    SignatureBlock,
    Table,
    Title,
)

Element = Any  # of lxml, which says nothing of its types
BODY, TITLE, BLACK, KAI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
FALL_BACKS = {
    BODY: "仿宋,FangSong,STFangsong,Noto Serif CJK SC",
    TITLE: "小标宋,STZhongsong,SimSun,Noto Serif CJK SC",
    BLACK: "SimHei,STHeiti,Noto Sans CJK SC",
    KAI: "楷体,KaiTi,STKaiti,Noto Serif CJK SC",
    "宋体": "SimSun,STSong,Noto Serif CJK SC",
}
PITCH = Pt(29)
WIDTH_MM = 156
TALLEST_MM = 85


def word_file(content: Content, pictures: Mapping[str, bytes]) -> bytes:
    """`pictures` by their SHA-256."""
    document = docx.Document()
    _lay_out(document)
    _set_styles(document)
    _name_fonts(document)
    _tell_of(document, content)
    for block in content.blocks:
        _add(document, block, pictures)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _add(document: Document, block: Block, pictures: Mapping[str, bytes]) -> None:
    match block:
        case Title(text):
            document.add_paragraph(text, style="Title")
        case Heading(level, text):
            document.add_paragraph(text, style=f"Heading {level}")
        case Paragraph():
            _add_lines(document, block)
        case Fields():
            _add_fields(document, block)
        case Table():
            _add_table(document, block)
        case Figure():
            _add_figure(document, block, pictures[block.sha256])
        case SignatureBlock():
            _add_signature(document, block)


def _add_lines(document: Document, block: Paragraph) -> None:
    for line in block.text.split("\n"):
        made = document.add_paragraph(line)
        if block.flush:
            made.paragraph_format.first_line_indent = Pt(0)


def _add_signature(document: Document, block: SignatureBlock) -> None:
    for line in (block.who, block.day or NO_DAY):
        made = document.add_paragraph(line)
        made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        made.paragraph_format.right_indent = Pt(64)
        made.paragraph_format.keep_together = True


# Page ----------------------------------------------------------------------------------------


def _lay_out(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(PITCH.pt * 20)))
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _number(paragraph: WordParagraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, odd pages at the right, even ones at the left."""
    paragraph.alignment = side
    for part in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if part == "PAGE" else part)
        run.font.size = Pt(14)
        _set_font(run, "宋体")
        if part == "PAGE":
            for kind in ("begin", "", "end"):
                run._r.append(_field_part(kind))


def _field_part(kind: str) -> Element:
    """Of the field that counts pages; "" is its instruction."""
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    told = OxmlElement("w:instrText")
    told.set(qn("xml:space"), "preserve")
    told.text = "PAGE"
    return told


# Styles --------------------------------------------------------------------------------------


def _set_styles(document: Document) -> None:
    looks = {
        "Normal": (BODY, 16, Pt(32)),
        "Title": (TITLE, 22, Pt(0)),
        "Heading 1": (BLACK, 16, Pt(32)),
        "Heading 2": (KAI, 16, Pt(32)),
        "Heading 3": (BODY, 16, Pt(32)),
        "Heading 4": (BODY, 16, Pt(32)),
        "Caption": (BLACK, 12, Pt(0)),
    }
    for name, (font, size, indent) in looks.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 -- what the template holds
        _set_look(style, font, size)
        layout = style.paragraph_format
        layout.first_line_indent = indent
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    title = document.styles["Title"]
    assert isinstance(title, ParagraphStyle)  # noqa: S101 -- what the template holds
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = PITCH
    for border in title.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)


def _set_look(style: ParagraphStyle, font: str, size: int) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.font.name = font
    names = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        names.attrib.pop(qn(f"w:{theme}"), None)
    names.set(qn("w:eastAsia"), font)
    names.set(qn("w:hint"), "eastAsia")
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:lang")) + properties.findall(qn("w:spacing")):
        properties.remove(old)
    properties.append(_language())


def _language() -> Element:
    told = OxmlElement("w:lang")
    for name in ("val", "eastAsia"):
        told.set(qn(f"w:{name}"), LANGUAGE)
    return told


def _set_font(run: Run, font: str) -> None:
    run.font.name = font
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _name_fonts(document: Document) -> None:
    """What to take where a font is not there."""
    part = next(
        one for one in document.part.package.iter_parts()
        if str(one.partname) == "/word/fontTable.xml"
    )  # fmt: skip
    rows = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{others}"/></w:font>'
        for font, others in FALL_BACKS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{rows}</w:fonts>".encode())


def _tell_of(document: Document, content: Content) -> None:
    known = document.core_properties
    known.title, known.subject = content.title, content.number
    known.language = LANGUAGE
    known.author = known.comments = known.keywords = known.category = ""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        properties.append(_language())


# Tables and pictures -------------------------------------------------------------------------


def _add_table(document: Document, block: Table) -> None:
    told = document.add_paragraph(block.caption, style="Caption")
    told.paragraph_format.keep_with_next = True
    table = _new_table(document, block.caption, len(block.rows) + 1, block.widths)
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        _write(cell, text, BLACK)
    _mark_row(table.rows[0]._tr, "w:tblHeader")
    for row, texts in zip(list(table.rows)[1:], block.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell, text)


def _add_fields(document: Document, block: Fields) -> None:
    table = _new_table(document, block.caption, len(block.rows), (3, 7))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.set(qn("w:firstRow"), "0")
    look.set(qn("w:firstColumn"), "1")
    for row, (label, value) in zip(table.rows, block.rows, strict=True):
        _write(row.cells[0], label, BLACK)
        _write(row.cells[1], value)


def _new_table(document: Document, caption: str, rows: int, widths: tuple[int, ...]) -> WordTable:
    table: WordTable = document.add_table(rows, len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    name = OxmlElement("w:tblCaption")
    name.set(qn("w:val"), caption)
    table._tbl.tblPr.append(name)
    total = sum(widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(WIDTH_MM * width / total)
        for cell in column.cells:
            cell.width = Mm(WIDTH_MM * width / total)
    for row in table.rows:
        _mark_row(row._tr, "w:cantSplit")
    return table


def _mark_row(row: Element, mark: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(mark))


def _write(cell: Cell, text: str, font: str = BODY) -> None:
    """Lines stay lines."""
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        layout = paragraph.paragraph_format
        layout.first_line_indent = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(18)
        run = paragraph.add_run(line)
        run.font.size = Pt(12)
        _set_font(run, font)


def _add_figure(document: Document, block: Figure, content: bytes) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    layout = paragraph.paragraph_format
    layout.first_line_indent, layout.keep_with_next = Pt(0), True
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    width = min(WIDTH_MM, TALLEST_MM * block.width / block.height)
    shape = paragraph.add_run().add_picture(BytesIO(content), width=Mm(width))
    shape._inline.docPr.set("descr", block.alt)
    document.add_paragraph(block.caption, style="Caption")
