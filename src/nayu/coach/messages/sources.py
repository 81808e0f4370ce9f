"""Where the rules come from: forms, guidance, and reasons of Nayu's own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SOURCES: dict[str, Any] = {
    "form10": _(
        "The city's project form of ten headings, used since fiscal year 2563 (Strategy and "
        "Evaluation Department, Budget Department and others; "
        "slideplayer.in.th/amp/16163571). The wording of the rule is ours."
    ),
    "five_points": _(
        "The five points asked of a rationale in a project form of a college under the city: "
        "situation, problem and cause, what was tried, way out, necessity (www2.kcn.ac.th). "
        "The wording of the rule is ours."
    ),
    "zero_based": _(
        "The city's stated method of zero-based budgeting since fiscal years 2566–2567: each "
        "project is justified anew (chadchart.com, policy pages; thansettakij 528203). The "
        "wording of the rule is ours."
    ),
    "what_people_get": _(
        "The heading “what people get” of the governor's policy pages "
        "(chadchart.com/policy/6217314a4e43cd8b4760bc72). That people must be named and "
        "counted is Nayu's own rule: a promise to nobody cannot be kept or checked."
    ),
    "kpi_template": _(
        "Indicator sheets with definition, formula, unit and source of data, as on the city's "
        "and the Ministry of Public Health's pages (Digital Plan, mykpi2563; "
        "healthkpi.moph.go.th). The wording of the rule is ours."
    ),
    "dp_levels": _(
        "The levels “output” and “outcome” of indicators on the city's Digital Plan pages. "
        "That an output alone does not show an outcome is Nayu's own rule."
    ),
    "dp_faults": _(
        "Faults seen on the city's public Digital Plan pages: a result of 100 against a "
        "target in levels (5008-841), 490.13 percent unexplained (5050-0787), blank units "
        "(0402-835)."
    ),
    "dp_duplicates": _(
        "Projects of one name and text in several districts on the city's Digital Plan pages "
        "(local museums). The wording of the rule is ours."
    ),
    "price_reference": _(
        "The city's form for computer projects asks a price reference for each item; "
        "government practice lists standard prices (royalrain.go.th). The width of the band, "
        "0.65 to 1.4 times like items, is Nayu's own."
    ),
    "request_line": _(
        "Quantity, unit and unit price of each item in the city's form for computer projects. "
        "That an item must be named well enough to be bought is Nayu's own rule: nobody can "
        "compare or check a price of “other things”."
    ),
    "own": _("Nayu's own rule. Reason: %(reason)s"),
}

# Why there is a rule of our own.
REASONS: dict[str, Any] = {
    "fits_any_project": _("A text that fits every project helps nobody to judge this one."),
    "efficiency_without_measure": _(
        "Efficiency is a relation of two figures; without them nothing can be checked."
    ),
    "slogan_of_catchwords": _("Citizens read the name in the plan book."),
    "needless_english": _("The plan is read by citizens, most of whom read Thai only."),
    "english_in_thai_letters": _(
        "The plan is read by citizens, most of whom do not know such words."
    ),
    "evidence_is_papers": _("Papers of the work exist whether or not anything changed."),
    "evidence_is_popularity": _("Attention can be had without any change."),
    "evidence_is_opinion_of_the_event": _("One may like an event that changed nothing."),
    "evidence_is_spending": _("All money can be spent without any benefit."),
    "target_not_above_last": _("More money for no more than last time needs a reason."),
    "target_not_below_last": _("Money against an evil that is not to shrink needs a reason."),
    "size_without_a_size": _("Nobody can check afterwards whether “many” was reached."),
    "size_without_a_figure": _("Nobody can check afterwards whether “enough” was reached."),
}
