"""Words of attachments: what a file is, who attached it, how many hang on a line."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nayu.attachments.domain import MEDIA
from nayu.attachments.messages import KIND_NAMES
from nayu.attachments.models import Attachment
from nayu.budget.domain import LineSheet
from nayu.portal.templatetags.desks import post_title

register = template.Library()


@register.filter
def kind_name(found: Attachment) -> str:
    """Quotation, drawing …"""
    return str(KIND_NAMES[found.kind])


@register.filter
def media_name(found: Attachment) -> str:
    """PDF, PNG …"""
    return MEDIA[found.content.media].name


@register.filter
def is_shown(found: Attachment) -> bool:
    """Whether a browser may show it in its own page."""
    return MEDIA[found.content.media].is_shown


@register.filter
def attached_by(found: Attachment) -> str:
    """The post, never the person."""
    return post_title(found)


@register.simple_tag
def files_of_line(
    year: int,
    agency_code: str,
    line: LineSheet,
    counts: dict[int, int],
    may_edit: bool,  # noqa: FBT001
) -> SafeString | str:
    """The way to what hangs on a line of routine work; nothing where nothing hangs or may hang."""
    number = counts.get(line.line_id, 0)
    if not number and not may_edit:
        return ""
    told = (
        ngettext("%(n)s attached file", "%(n)s attached files", number) % {"n": number}
        if number
        else _("Attach a file")
    )
    address = reverse("portal:line_attachments", args=[year, agency_code, line.line_id])
    return format_html(
        '<br><a class="xs" href="{}">{}<span class="sr"> {}</span></a>', address, told, line.item
    )
