"""The city's plan book as PDF, against the bare typst compile of the same figures."""

import json

import typst
from django.db import connections

from bench.figures import Comparison, seconds_of, take_turns
from nayu.documents.services import Choice, content_of, make
from nayu.documents.writers import pdf

YEAR, PAIRS, LIMIT = 2569, 5, 1.5


def measure(database: str) -> Comparison:
    """Needs the sample city. Rows of the database to finished bytes, in a fresh process each."""
    choice = Choice("plan-book", YEAR)
    drawing = pdf._Drawing(content_of(choice, person=None)).values()
    document = json.dumps(drawing, ensure_ascii=False)
    template = pdf.TEMPLATE.read_bytes()
    connections.close_all()

    def bare_compile() -> None:
        typst.compile(
            template,
            font_paths=pdf._fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={"document": document},
        )

    ours, rival = take_turns(
        lambda: seconds_of(lambda: make(choice, person=None)),
        lambda: seconds_of(bare_compile),
        pairs=PAIRS,
    )
    return Comparison(
        f"City book {YEAR} as PDF",
        database,
        "rows of the database to finished bytes",
        "typst compiles the same template and figures",
        PAIRS,
        ours,
        rival,
        LIMIT,
    )
