"""Sentences of broken rules about attachments, and the names of their types."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "attachment_missing": _("Choose a file first. Nothing was attached."),
    "attachment_kind_unknown": _("Choose what the file is, such as a quotation or a drawing."),
    "attachment_empty": _("“%(name)s” is empty (0 bytes). Open it, save it again and attach that."),
    "attachment_too_large": _(
        "“%(name)s” has %(megabytes)s MB; a file may have at most %(limit)s MB. Save it smaller, or in"
        " parts."
    ),
    "upload_too_large": _(
        "What was sent has %(megabytes)s MB, and was refused without being read; no form takes more"
        " than %(limit)s MB. Save the file smaller, or in parts."
    ),
    "too_many_attachments": _(
        "There are %(limit)s files here already, which is the limit. Remove one, or put several pages"
        " in one PDF."
    ),
    "attachments_too_large_together": _(
        "The files here have %(held)s MB; with %(megabytes)s MB more they would exceed %(limit)s MB."
        " Remove one, or save this one smaller."
    ),
    "attachment_is_a_program": _(
        "“%(name)s” is a program, whatever its name says, and programs are never kept. If you expected a"
        " document, do not open it, and tell whoever sent it to you."
    ),
    "attachment_is_a_web_page": _(
        "“%(name)s” is a web page or a drawing for the web (HTML, SVG, XML), in which something can"
        " run. Print it to PDF and attach that."
    ),
    "attachment_is_an_archive": _(
        "“%(name)s” is an archive (such as ZIP), in which a reader cannot see what there is. Unpack it"
        " and attach the files one by one."
    ),
    "attachment_has_macros": _(
        "“%(name)s” contains macros, which run when somebody opens it. Save it without macros (.xlsx,"
        " .docx, .pptx) or as PDF, and attach that."
    ),
    "attachment_is_locked": _(
        "“%(name)s” is locked with a password, so that reviewers could not read it. Take the password"
        " off, save, and attach that."
    ),
    "attachment_is_broken": _(
        "“%(name)s” begins like an office file but is damaged or incomplete. Open it, save it again,"
        " and attach that."
    ),
    "attachment_not_taken": _(
        "“%(name)s” is a file of the kind %(found)s, which is not kept here. Save it as PDF, or a"
        " picture as PNG or JPEG, and attach that."
    ),
    "attachment_not_known": _(
        "What “%(name)s” contains is of no kind that is kept here. Save it as PDF, or a picture as PNG"
        " or JPEG, and attach that."
    ),
    "attachment_lost": _(
        "“%(name)s” is listed, but its file is not in the store. Tell the administrators: the folder of"
        " files was not restored together with the database."
    ),
}
KIND_NAMES: dict[str, Any] = {
    "quotation": _("Quotation"),
    "estimate": _("Cost estimate"),
    "drawing": _("Drawing"),
    "map": _("Map"),
    "photo": _("Photograph"),
    "approval": _("Letter of approval"),
    "other": _("Other paper"),
}
