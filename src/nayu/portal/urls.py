"""Addresses of the gathering pages; the fiscal year stands first."""

from django.urls import path

from nayu.portal.views import (
    agencies,
    attachments,
    autosave,
    beginning,
    bulk,
    changes,
    comments,
    decisions,
    desks,
    differences,
    frameworks,
    grid,
    history,
    home,
    last_year,
    ledger,
    likeness,
    lines,
    listing,
    money,
    prices,
    procedures,
    project,
    publishing,
    record,
    requests,
    reviewing,
    search,
    standing,
    templates,
    windows,
    writing,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", standing.healthz, name="healthz"),
    path("how-we-count/", standing.how_we_count, name="how_we_count"),
    path("privacy/", standing.privacy, name="privacy"),
    path("search/", search.results, name="search"),
    path("record/", record.record, name="record"),
    path("record/heads.json", record.heads, name="record_heads"),
    path("audit/", record.events, name="audit"),
    path("audit/forgetting/", record.forgetting, name="forgetting"),
    path("<int:year>/", home.home, name="home_year"),
    path("<int:year>/framework/", frameworks.framework, name="framework"),
    path("<int:year>/framework/<slug:code>/<str:number>/", frameworks.element, name="element"),
    path("<int:year>/projects/", listing.projects, name="projects"),
    path("procedures/<slug:code>/", procedures.procedure, name="procedure"),
    path("steps/", bulk.steps, name="bulk_steps"),
    path("appointments/", windows.acting, name="acting"),
    path("<int:year>/windows/", windows.windows, name="windows"),
    path("<int:year>/windows/<slug:procedure>/", windows.setting, name="window_setting"),
    path("<int:year>/prices/", prices.prices, name="prices"),
    path("<int:year>/prices/beside/", prices.beside, name="prices_beside"),
    path("my-work/", desks.my_work, name="my_work"),
    path("<int:year>/projects/new/", beginning.new_project, name="new_project"),
    path("<int:year>/projects/<str:code>/", project.project, name="project"),
    path("<int:year>/projects/<str:code>/edit/", writing.edit, name="edit"),
    path(
        "<int:year>/projects/<str:code>/edit/<slug:section>/",
        writing.edit_section,
        name="edit_section",
    ),
    path(
        "<int:year>/projects/<str:code>/edit/<slug:section>/autosave/",
        autosave.autosave,
        name="autosave",
    ),
    path(
        "<int:year>/projects/<str:code>/edit/<slug:section>/contents/",
        autosave.contents,
        name="edit_contents",
    ),
    path("<int:year>/projects/<str:code>/lines/", lines.lines, name="lines"),
    path("<int:year>/projects/<str:code>/lines/table/", grid.grid, name="grid"),
    path("<int:year>/projects/<str:code>/lines/table/cells/", grid.save_cells, name="grid_cells"),
    path("<int:year>/projects/<str:code>/likeness/", likeness.likeness, name="likeness"),
    path("<int:year>/projects/<str:code>/relations/", likeness.relation, name="relation"),
    path(
        "<int:year>/projects/<str:code>/relations/<int:pk>/removal/",
        likeness.relation_removal,
        name="relation_removal",
    ),
    path("<int:year>/projects/<str:code>/results/", last_year.results, name="results"),
    path("templates/", templates.templates, name="templates"),
    path("templates/new/", templates.template, name="template_new"),
    path("templates/<str:code>/", templates.template, name="template"),
    path("joint-work/", likeness.joint_work, name="joint_work"),
    path("joint-work/<int:pk>/answer/", likeness.joint_work_answer, name="joint_work_answer"),
    path("<int:year>/families/", likeness.families, name="families"),
    path("<int:year>/families/<str:code>/", likeness.family, name="family"),
    path(
        "<int:year>/families/<str:code>/template/", likeness.family_template, name="family_template"
    ),
    path("<int:year>/projects/<str:code>/decision/", decisions.decision, name="decision"),
    path(
        "<int:year>/projects/<str:code>/continuation/",
        decisions.continuation,
        name="project_continuation",
    ),
    path("<int:year>/projects/<str:code>/comments/", comments.writing, name="comment_writing"),
    path(
        "<int:year>/projects/<str:code>/comments/<int:pk>/answer/",
        comments.answer,
        name="comment_answer",
    ),
    path(
        "<int:year>/projects/<str:code>/comments/<int:pk>/resolution/",
        comments.resolution,
        name="comment_resolution",
    ),
    *[
        path(
            f"<int:year>/projects/<str:code>/review-{deed}/",
            reviewing.reviewing,
            {"deed": deed},
            name=f"review_{deed}",
        )
        for deed in ("reviewers", "note", "delegation")
    ],
    path(
        "<int:year>/projects/<str:code>/attachments/", attachments.attachments, name="attachments"
    ),
    path(
        "<int:year>/projects/<str:code>/attachments/<int:pk>/",
        attachments.attachment,
        name="attachment",
    ),
    path(
        "<int:year>/projects/<str:code>/attachments/<int:pk>/removal/",
        attachments.removal,
        name="attachment_removal",
    ),
    path("<int:year>/projects/<str:code>/history/", history.history, name="history"),
    path(
        "<int:year>/projects/<str:code>/history/comparison/", history.comparison, name="comparison"
    ),
    path("<int:year>/projects/<str:code>/change/", changes.beginning, name="change_beginning"),
    path("<int:year>/differences/", differences.differences, name="differences"),
    path("<int:year>/changes/", changes.changes, name="changes"),
    path("<int:year>/changes/<int:number>/", changes.change, name="change"),
    path("<int:year>/changes/<int:number>/reason/", changes.reason, name="change_reason"),
    path(
        "<int:year>/changes/<int:number>/publication/",
        changes.publication,
        name="change_publication",
    ),
    path(
        "<int:year>/changes/<int:number>/parts/<slug:section>/",
        changes.section,
        name="change_section",
    ),
    *[
        path(
            f"<int:year>/changes/<int:number>/{noun}/",
            changes.step,
            {"noun": noun},
            name=f"change_{noun}",
        )
        for noun in changes.STEP_OF_NOUN
    ],
    *[
        path(
            f"<int:year>/projects/<str:code>/{noun}/",
            decisions.step,
            {"noun": noun},
            name=f"project_{noun}",
        )
        for noun in decisions.STEP_OF_NOUN
    ],
    path("<int:year>/requests/", requests.requests, name="requests"),
    path("<int:year>/requests/<str:code>/", requests.one, name="request"),
    path("<int:year>/requests/<str:code>/opening/", requests.opening, name="request_opening"),
    path(
        "<int:year>/requests/<str:code>/commitment/", requests.carrying, name="request_commitment"
    ),
    path("<int:year>/requests/<str:code>/amount/", requests.amount, name="request_amount"),
    path(
        "<int:year>/requests/<str:code>/lines/<int:line_id>/attachments/",
        attachments.line_attachments,
        name="line_attachments",
    ),
    path(
        "<int:year>/requests/<str:code>/lines/<int:line_id>/attachments/<int:pk>/",
        attachments.line_attachment,
        name="line_attachment",
    ),
    path(
        "<int:year>/requests/<str:code>/lines/<int:line_id>/attachments/<int:pk>/removal/",
        attachments.line_removal,
        name="line_attachment_removal",
    ),
    path("<int:year>/requests/<str:code>/line/", requests.routine, name="routine_line"),
    *[
        path(
            f"<int:year>/requests/<str:code>/{noun}/",
            requests.step,
            {"noun": noun},
            name=f"request_{noun}",
        )
        for noun in requests.STEP_OF_NOUN
    ],
    path("<int:year>/ceilings/", requests.ceilings, name="ceilings"),
    path("<int:year>/publication/", publishing.publication, name="publication"),
    path("<int:year>/money/", money.money, name="money"),
    path("<int:year>/money/lines/<int:pk>/", money.line, name="line"),
    path("<int:year>/money/<slug:by>/<str:code>/", money.money_part, name="money_part"),
    path("<int:year>/ledger/", ledger.ledger, name="ledger"),
    path("<int:year>/ledger/<slug:by>/", ledger.ledger, name="ledger_by"),
    path("<int:year>/ledger/<slug:by>.<slug:file_format>", ledger.ledger_file, name="ledger_file"),
    path("<int:year>/ledger/<slug:by>/<str:code>/", ledger.ledger_part, name="ledger_part"),
    path("<int:year>/agencies/", agencies.agencies, name="agencies"),
    path("<int:year>/agencies/<str:code>/", agencies.agency, name="agency"),
    path("<int:year>/districts/<str:plan_code>/", agencies.district, name="district"),
    path("<int:year>/versions/<int:number>/", standing.version, name="version"),
]
