"""Putting a document together, block after block, for one edition."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from nayu.documents.content.values import Edition, Post
from nayu.documents.content.wording import NOTHING, part_in_signing
from nayu.documents.domain import (
    Bar,
    BarChart,
    Block,
    Cell,
    Column,
    Contents,
    Document,
    Fact,
    Facts,
    Heading,
    Items,
    Note,
    Paragraph,
    PromiseCard,
    PromiseCards,
    Row,
    SignatureBlock,
    Signer,
    Table,
)


class Parts:
    """The blocks of a document in order."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.blocks: list[Block] = []

    def contents(self) -> None:
        self.blocks.append(Contents(_("Contents")))

    def heading(self, level: int, text: str) -> None:
        self.blocks.append(Heading(level, text))

    def text(self, text: str) -> None:
        """One paragraph for each line that somebody wrote; nothing written is a dash."""
        written = [line.strip() for line in text.split("\n") if line.strip()]
        self.blocks.extend(Paragraph(line) for line in written or [NOTHING])

    def note(self, text: str) -> None:
        self.blocks.append(Note(text))

    def numbered(self, items: Iterable[str]) -> None:
        self.blocks.append(Items(tuple(items) or (NOTHING,), numbered=True))

    def facts(
        self, pairs: Iterable[tuple[str, str]], codes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Labels with values; then codes, which keep Arabic digits."""
        self.blocks.append(
            Facts(
                (
                    *(Fact(label, value) for label, value in pairs),
                    *(Fact(label, value, is_code=True) for label, value in codes),
                )
            )
        )

    def cards(self, cards: Iterable[PromiseCard]) -> None:
        self.blocks.append(PromiseCards(tuple(cards)))

    def table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Iterable[tuple[Cell, ...] | Row],
        total: tuple[Cell, ...] | None = None,
        *,
        landscape: bool = False,
    ) -> None:
        """A table; plain tuples are plain rows, `total` is the last one. The sums are content."""
        drawn = [row if isinstance(row, Row) else Row(row) for row in rows]
        if total is not None:
            drawn.append(Row(total, emphasis="total"))
        self.blocks.append(Table(caption, tuple(columns), tuple(drawn), landscape))

    def bars(self, caption: str, bars: Iterable[Bar]) -> None:
        self.blocks.append(BarChart(caption, tuple(bars), _("baht")))

    def signatures(self, posts: Iterable[Post], roles: Sequence[str]) -> None:
        """Places to sign, in the order of the roles: posts, never names."""
        language = self.edition.language
        titles = {post.role: post.title(language) for post in posts}
        self.blocks.append(
            SignatureBlock(
                tuple(
                    Signer(part_in_signing(role), titles[role]) for role in roles if role in titles
                )
            )
        )

    def document(self, title: str, subtitle: str, running_head: str) -> Document:
        """The whole. The running head stands on every page, so it is short."""
        edition = self.edition
        sample = (
            _("Sample data: not the figures of the Bangkok Metropolitan Administration")
            if edition.is_sample
            else None
        )
        return Document(
            title=title,
            subtitle=subtitle,
            running_head=running_head,
            lang=edition.language,
            digits=edition.digits,
            as_at=edition.as_at,
            sample_mark=sample,
            blocks=tuple(self.blocks),
        )
