"""Word files by python-docx: real headings, tables with repeated heads, Thai faces and language.

Lengths are twentieths of a point unless named otherwise; font sizes are points.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from nayu.documents.domain import (
    BarChart,
    Block,
    Cell,
    Column,
    Contents,
    Document,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    PromiseCards,
    Row,
    SignatureBlock,
    Table,
)
from nayu.documents.writers.archive import settled
from nayu.documents.writers.font import face
from nayu.documents.writers.text import COLOURS, Wording

# The city's face; the font table names another.
FONT, FALLBACK = "TH Sarabun New", "Laksaman"
FONT_TABLE = "/word/fontTable.xml"
BODY_PT, TABLE_PT, LEAST_PT = 16.0, 14.0, 8.0
BRAND, TINT, FAINT, LINE = COLOURS[0], "E6EFEE", "F4F7F6", "9FB1AE"
UPRIGHT, ACROSS = 9070, 14570  # A4 less margins
INSET = 90
SPARE = 1.08  # a figure keeps room for a face a little wider than ours
WORDS_SPARE = 1.3
TEXT_NEED_EM, TITLE_NEED_EM = 7.0, 4.5
TWIPS = 20


def write(document: Document) -> bytes:
    """The document as a Word file; the same document gives the same bytes."""
    writer = _Writer(document)
    writer.draw()
    buffer = io.BytesIO()
    writer.file.save(buffer)
    return settled(buffer.getvalue())


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document, self.words = document, Wording(document)
        self.file: Any = docx.Document()
        self.bookmarks = 0
        self.captions = {"table": 0, "chart": 0}
        self.level, self.heading_text = 0, ""

    def draw(self) -> None:
        self.properties()
        self.styles()
        self.fonts()
        self.page(self.file.sections[0])
        self.running(self.file.sections[0])
        self.opening()
        for block in self.document.blocks:
            self.block(block)

    # --- the whole file -----------------------------------------------------------------------

    def properties(self) -> None:
        made = datetime.combine(self.document.as_at, time(), UTC)
        properties, text = self.file.core_properties, self.words.text
        properties.title = text(self.document.title)[:255]
        properties.subject = text(self.document.subtitle)[:255]
        properties.author = text(self.document.running_head)[:255]
        properties.last_modified_by = ""
        properties.comments = ""
        properties.language = {"th": "th-TH", "en": "en-GB"}[self.document.lang]
        properties.created = properties.modified = made.replace(tzinfo=None)
        properties.revision = 1

    def styles(self) -> None:
        styles = self.file.styles
        default = (
            styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        )
        for child in list(default):
            default.remove(child)
        _dress(default, BODY_PT, lang=self.document.lang)
        normal = styles["Normal"]
        _dress(normal.element.get_or_add_rPr(), BODY_PT, lang=self.document.lang)
        normal.paragraph_format.space_after = Pt(4)
        normal.paragraph_format.line_spacing = 1.0
        for name, size, colour in (
            ("Title", 28, BRAND), ("Subtitle", 20, "1D2524"), ("Heading 1", 20, BRAND),
            ("Heading 2", 18, "1D2524"), ("Heading 3", 16, BRAND), ("Caption", 14, BRAND),
            ("List Number", 16, None), ("List Bullet", 16, None),
        ):  # fmt: skip
            style = styles[name]
            heavy = not name.startswith("List")
            _dress(
                style.element.get_or_add_rPr(), size, bold=heavy, colour=colour,
                lang=self.document.lang,
            )  # fmt: skip
            style.paragraph_format.keep_with_next = heavy
        cell = styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH)
        cell.base_style = normal
        cell.paragraph_format.space_after = Pt(0)

    def fonts(self) -> None:
        """The font table: our face, and which one stands in where it is missing."""
        part = next(p for p in self.file.part.package.iter_parts() if p.partname == FONT_TABLE)
        part._blob = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<w:fonts {nsdecls("w")}><w:font w:name="{FONT}"><w:altName w:val="{FALLBACK}"/>'
            '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
        ).encode()

    def page(self, section: Any, *, across: bool = False) -> None:
        width, height = (Cm(29.7), Cm(21.0)) if across else (Cm(21.0), Cm(29.7))
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = width, height
        section.left_margin, section.right_margin = Cm(2 if across else 3), Cm(2)
        section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
        properties = section._sectPr
        if self.document.digits == "thai" and properties.find(qn("w:pgNumType")) is None:
            numbers = OxmlElement("w:pgNumType")
            numbers.set(qn("w:fmt"), "thaiNumbers")
            properties.find(qn("w:cols")).addprevious(numbers)

    def running(self, section: Any) -> None:
        """Head: title and page number from the second page on; foot: date and sample mark."""
        section.different_first_page_header_footer = True
        head = section.header.paragraphs[0]
        head.paragraph_format.tab_stops.clear_all()
        head.paragraph_format.tab_stops.add_tab_stop(Cm(8), WD_TAB_ALIGNMENT.CENTER)
        self.run(head, self.words.text(self.document.running_head), size=12)
        self.run(head, "\t– ", size=14)
        _field(head, " PAGE ", lambda: self.run(head, "", size=14))
        self.run(head, " –", size=14)
        for foot in (section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
            mark = self.document.sample_mark
            self.run(foot, self.words.as_at() + (" · " if mark else ""), size=12)
            if mark:
                self.run(foot, self.words.text(mark), size=12, bold=True, colour=BRAND)

    def opening(self) -> None:
        text, document = self.words.text, self.document
        if document.has_cover:
            for _line in range(6):
                self.file.add_paragraph()
        self.run(
            self.file.add_paragraph(style="Title"),
            text(document.title),
            size=28,
            bold=True,
            colour=BRAND,
        )
        self.run(
            self.file.add_paragraph(style="Subtitle"), text(document.subtitle), size=20, bold=True
        )
        if document.has_cover:
            self.run(self.file.add_paragraph(), self.words.as_at())
            self.file.add_page_break()

    # --- blocks -------------------------------------------------------------------------------

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.heading(block)
        elif isinstance(block, Paragraph):
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Cm(1.5)
            self.run(paragraph, self.words.text(block.text))
        elif isinstance(block, Note):
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.left_indent = Cm(0.5)
            self.run(paragraph, f"{self.words.word('note')} ", size=14, bold=True)
            self.run(paragraph, self.words.text(block.text), size=14)
        elif isinstance(block, Items):
            self.items(block)
        elif isinstance(block, Facts):
            self.facts(block)
        elif isinstance(block, Table):
            self.table(block)
        elif isinstance(block, BarChart):
            self.chart(block)
        elif isinstance(block, PromiseCards):
            self.cards(block)
        elif isinstance(block, SignatureBlock):
            self.signatures(block)
        elif isinstance(block, Contents):
            self.contents(block)
        elif isinstance(block, PageBreak):
            self.file.add_page_break()

    def run(
        self, paragraph: Any, text: str, *, size: float = BODY_PT, bold: bool = False,
        colour: str | None = None,
    ) -> Any:  # fmt: skip
        """A run that is Thai to Word as well: complex script, its size, weight and language."""
        run = paragraph.add_run(text)
        _dress(
            run._r.get_or_add_rPr(), size, bold=bold, colour=colour, lang=self.document.lang,
            complex_script=True,
        )  # fmt: skip
        return run

    def heading(self, heading: Heading) -> None:
        self.level = max(1, min(heading.level, self.level + 1, 3))
        self.heading_text = heading.text
        paragraph = self.file.add_paragraph(style=f"Heading {self.level}")
        self.bookmarks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self.bookmarks))
        start.set(qn("w:name"), f"_Toc{self.bookmarks:06d}")
        paragraph._p.append(start)
        size = {1: 20, 2: 18}.get(self.level, 16)
        colour = None if self.level == 2 else BRAND
        self.run(paragraph, self.words.text(heading.text), size=size, bold=True, colour=colour)
        paragraph._p.append(end)

    def contents(self, contents: Contents) -> None:
        """A field that Word fills with page numbers; until then it shows the headings."""
        self.run(
            self.file.add_paragraph(),
            self.words.text(contents.title),
            size=20,
            bold=True,
            colour=BRAND,
        )
        headings = [
            (number, block)
            for number, block in enumerate(
                (b for b in self.document.blocks if isinstance(b, Heading)), start=1
            )
            if block.level <= contents.depth
        ]
        paragraph = self.file.add_paragraph()
        _field_part(paragraph, "begin", dirty=True)
        _instruction(paragraph, f' TOC \\o "1-{contents.depth}" \\h \\z \\u ')
        _field_part(paragraph, "separate")
        for position, (_number, block) in enumerate(headings):
            if position:
                paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.left_indent = Cm(0.7 * (block.level - 1))
            self.run(paragraph, self.words.text(block.text), bold=block.level == 1)
        _field_part(paragraph, "end")
        self.file.add_page_break()

    def items(self, block: Items) -> None:
        """Numbers are written, so that they keep their digits and their count wherever copied."""
        for number, item in enumerate(block.items, start=1):
            paragraph = self.file.add_paragraph(style=None if block.numbered else "List Bullet")
            if block.numbered:
                paragraph.paragraph_format.left_indent = Cm(1.5)
                paragraph.paragraph_format.first_line_indent = Cm(-0.7)
                item = f"{number}. {item}"  # noqa: PLW2901
            self.run(paragraph, self.words.text(item))

    def caption(self, kind: str, text: str) -> None:
        if text == self.heading_text:
            return
        self.captions[kind] += 1
        paragraph = self.file.add_paragraph(style="Caption")
        label = self.words.text(f"{self.words.word(kind)} {self.captions[kind]} ")
        self.run(paragraph, label, size=14, bold=True, colour=BRAND)
        self.run(paragraph, self.words.text(text), size=14, bold=True)

    def facts(self, block: Facts) -> None:
        table = self.grid((int(UPRIGHT * 0.3), int(UPRIGHT * 0.7)))
        for fact in block.facts:
            self.row(
                table,
                (self.words.text(fact.label), self.words.text(fact.value, is_code=fact.is_code)),
                bold=(True, False), fills=(FAINT, None), size=15,
            )  # fmt: skip
        self.after()

    def cards(self, block: PromiseCards) -> None:
        table = self.grid((int(UPRIGHT * 0.3), int(UPRIGHT * 0.7)))
        for card in block.cards:
            said = "\n".join((card.who, card.change, *card.remarks))
            self.row(
                table, (self.words.text(card.figure), self.words.text(said)), bold=(True, False),
                fills=(TINT, None), size=BODY_PT,
            )  # fmt: skip
        self.after()

    def chart(self, chart: BarChart) -> None:
        """Label, bar and figure; a bar is a shaded line whose right indent leaves its length."""
        self.caption("chart", chart.caption)
        amounts = [self.words.money(bar.value) for bar in chart.rows]
        widest = max(map(face(bold=True).width, (*amounts, self.words.unit(chart.unit))))
        last = int(widest * SPARE * TABLE_PT * TWIPS) + 2 * INSET + 20
        middle = (UPRIGHT - last) // 2
        widths = (UPRIGHT - last - middle, middle, last)
        table = self.grid(widths)
        titles = (self.words.word("item"), "", self.words.unit(chart.unit))
        self.row(
            table,
            titles,
            bold=(True,) * 3,
            fills=(TINT,) * 3,
            aligns=("left", "left", "right"),
            head=True,
        )
        largest = max((bar.value for bar in chart.rows), default=Decimal(0))
        for bar in chart.rows:
            texts = (self.words.text(bar.label), "", self.words.money(bar.value))
            row = self.row(table, texts, aligns=("left", "left", "right"))
            share = bar.value / largest if largest > 0 else Decimal(0)
            if share > 0:
                room = middle - 2 * INSET
                colour = COLOURS[bar.position if 0 <= bar.position < len(COLOURS) else 0]
                _shade_line(
                    row.findall(qn("w:tc"))[1].find(qn("w:p")), int(room * (1 - share)), colour
                )
        self.after()

    def signatures(self, block: SignatureBlock) -> None:
        table = self.grid((UPRIGHT // 2, UPRIGHT - UPRIGHT // 2), ruled=False)
        words, dots = self.words, "." * 44
        cells = [
            f"\n{words.word('sign')} {dots}\n({dots})\n{words.text(signer.post)}"
            f"\n{words.text(signer.part)}\n{words.word('date')} {dots[:34]}"
            for signer in block.signers
        ]
        if len(cells) % 2:
            cells.append("")
        for left, right in zip(cells[::2], cells[1::2], strict=True):
            self.row(table, (left, right), aligns=("center", "center"), size=BODY_PT)
        self.after()

    # --- tables -------------------------------------------------------------------------------

    def table(self, content: Table) -> None:
        size, widths, across = self.measured(content)
        if across:
            self.page(self.turned(), across=True)
        self.caption("table", content.caption)
        table = self.grid(widths)
        aligns = ["right" if column.is_figure else "left" for column in content.columns]
        self.row(
            table, [self.words.text(column.title) for column in content.columns], head=True,
            bold=[True] * len(widths), fills=[BRAND] * len(widths), colour="FFFFFF",
            aligns=["center"] * len(widths), size=size,
        )  # fmt: skip
        for row in content.rows:
            self.body_row(table, content.columns, row, aligns, size)
        self.after()
        if across:
            self.page(self.turned())

    def turned(self) -> Any:
        """A new section, with head and foot from its first page on."""
        section = self.file.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        return section

    def body_row(
        self, table: Any, columns: Sequence[Column], row: Row, aligns: Sequence[str], size: float
    ) -> None:  # fmt: skip
        heavy = row.emphasis != "normal"
        count = 1 if row.spans else len(columns)
        texts = [
            self.shown(column, cell, row) for column, cell in zip(columns, row.cells, strict=True)
        ]
        self.row(
            table, texts[:count], bold=[heavy] * count, fills=[TINT if heavy else None] * count,
            aligns=aligns[:count], size=size, indent=row.level * 200,
            span=len(columns) if row.spans else 1,
        )  # fmt: skip

    def shown(self, column: Column, cell: Cell, row: Row) -> str:
        return self.words.cell(column, cell, row)

    def measured(self, table: Table) -> tuple[float, list[int], bool]:
        """Size of type and widths in which every figure stands on one line."""
        needs = [self.need(table, index, column) for index, column in enumerate(table.columns)]
        trials = [] if table.landscape else [(TABLE_PT - step, UPRIGHT, False) for step in range(4)]
        trials += [(TABLE_PT - step, ACROSS, True) for step in range(int(TABLE_PT - LEAST_PT) + 1)]
        least: list[int] = []
        for size, room, across in trials:
            least = [int(need * size * TWIPS) + 2 * INSET + 20 for need in needs]
            left = room - sum(least)
            if left >= 0:
                weights = [c.weight if c.kind == "text" else 0 for c in table.columns]
                weights = weights if any(weights) else [1] * len(least)
                whole = sum(weights)
                shared = [w + left * g // whole for w, g in zip(least, weights, strict=True)]
                return size, shared, across
        return LEAST_PT, least, True

    def need(self, table: Table, index: int, column: Column) -> float:
        """The least width in em; measured in our face, which is of the same build."""
        bold = face(bold=True)
        head = min(bold.width(self.words.text(column.title)), TITLE_NEED_EM)
        texts = (self.shown(column, row.cells[index], row) for row in table.rows if not row.spans)
        widest = max((bold.width(text) for text in texts), default=0.0)
        return max(
            head, widest * SPARE if column.is_figure else min(widest * WORDS_SPARE, TEXT_NEED_EM)
        )

    def grid(self, widths: Sequence[int], *, ruled: bool = True) -> Any:
        """An empty table of fixed widths."""
        table = self.file.add_table(rows=0, cols=len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        if ruled:
            # Before the layout: Word refuses properties out of the schema's order.
            layout = table._tbl.tblPr.find(qn("w:tblLayout"))
            layout.addprevious(_borders())
        columns = table._tbl.tblGrid.findall(qn("w:gridCol"))
        for column, width in zip(columns, widths, strict=True):
            column.set(qn("w:w"), str(width))
        return table

    def row(
        self, table: Any, texts: Sequence[str], *, bold: Sequence[bool] = (), fills: Sequence[str | None] = (),
        aligns: Sequence[str] = (), colour: str | None = None, size: float = TABLE_PT, head: bool = False,
        indent: int = 0, span: int = 1,
    ) -> Any:  # fmt: skip
        """A row that is not split between pages; a head is repeated on each."""
        widths = [int(c.get(qn("w:w"))) for c in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        row = OxmlElement("w:tr")
        properties = _child(row, "w:trPr")
        if sum(map(len, texts)) < LONGEST_WHOLE_ROW:
            _child(properties, "w:cantSplit")
        if head:
            _child(properties, "w:tblHeader")
        for index, text in enumerate(texts):
            cell = _child(row, "w:tc")
            described = _child(cell, "w:tcPr")
            width = sum(widths) if span > 1 else widths[index]
            _child(described, "w:tcW", w=str(width), type="dxa")
            if span > 1:
                _child(described, "w:gridSpan", val=str(span))
            if fills and fills[index]:
                _child(described, "w:shd", val="clear", color="auto", fill=fills[index])
            if aligns and aligns[index] == "right":
                _child(described, "w:noWrap")
            self.cell_text(
                cell, text, align=aligns[index] if aligns else "left", size=size, colour=colour,
                bold=bool(bold and bold[index]), indent=indent if index == 0 else 0,
            )  # fmt: skip
        table._tbl.append(row)
        return row

    def cell_text(
        self, cell: Any, text: str, *, align: str, size: float, colour: str | None, bold: bool, indent: int
    ) -> None:  # fmt: skip
        paragraph = _child(cell, "w:p")
        properties = _child(paragraph, "w:pPr")
        _child(properties, "w:pStyle", val="Cell")
        if indent:
            _child(properties, "w:ind", left=str(indent))
        _child(properties, "w:jc", val=align)
        for number, line in enumerate(text.split("\n")):
            run = _child(paragraph, "w:r")
            dressed = _child(run, "w:rPr")
            _dress(
                dressed,
                size,
                bold=bold,
                colour=colour,
                lang=self.document.lang,
                complex_script=True,
            )
            if number:
                _child(run, "w:br")
            element = _child(run, "w:t")
            element.text = line
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def after(self) -> None:
        """A small paragraph, since two tables that touch become one."""
        paragraph = self.file.add_paragraph(style="Cell")
        self.run(paragraph, "", size=6)


LONGEST_WHOLE_ROW = 3000  # characters of a row that may not be split
_ORDER = ("rFonts", "b", "bCs", "color", "sz", "szCs", "cs", "lang")


def _child(parent: Any, name: str, **attributes: str | None) -> Any:
    child = OxmlElement(name)
    for key, value in attributes.items():
        if value is not None:
            child.set(qn(f"w:{key}"), value)
    parent.append(child)
    return child


def _dress(
    properties: Any, size: float, *, bold: bool = False, colour: str | None = None, lang: str = "th",
    complex_script: bool = False,
) -> None:  # fmt: skip
    """Face, size, weight, colour and language, each for Thai (complex script) too, in schema order."""
    for name in _ORDER:
        for old in properties.findall(qn(f"w:{name}")):
            properties.remove(old)
    rest = list(properties)
    for child in rest:
        properties.remove(child)
    style = [child for child in rest if child.tag == qn("w:rStyle")]
    for child in style:
        properties.append(child)
    _child(properties, "w:rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT)
    if bold:
        _child(properties, "w:b")
        _child(properties, "w:bCs")
    if colour:
        _child(properties, "w:color", val=colour)
    half_points = str(int(size * 2))
    _child(properties, "w:sz", val=half_points)
    _child(properties, "w:szCs", val=half_points)
    if complex_script:
        _child(properties, "w:cs")
    _child(
        properties,
        "w:lang",
        val="en-US" if lang == "th" else "en-GB",
        eastAsia="en-US",
        bidi="th-TH",
    )


def _borders() -> Any:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _child(borders, f"w:{side}", val="single", sz="4", space="0", color=LINE)
    return borders


def _shade_line(paragraph: Any, right: int, colour: str) -> None:
    properties = paragraph.find(qn("w:pPr"))
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{key}"), value)
    indent = OxmlElement("w:ind")
    indent.set(qn("w:right"), str(right))
    properties.find(qn("w:pStyle")).addnext(shade)
    shade.addnext(indent)


def _field(paragraph: Any, instruction: str, shown: Any) -> None:
    _field_part(paragraph, "begin")
    _instruction(paragraph, instruction)
    _field_part(paragraph, "separate")
    shown()
    _field_part(paragraph, "end")


def _field_part(paragraph: Any, kind: str, *, dirty: bool = False) -> None:
    run = _child(paragraph._p, "w:r")
    _child(run, "w:fldChar", fldCharType=kind, dirty="true" if dirty else None)


def _instruction(paragraph: Any, text: str) -> None:
    run = _child(paragraph._p, "w:r")
    element = _child(run, "w:instrText")
    element.text = text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
