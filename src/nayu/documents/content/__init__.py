"""What each official document says, as values: pure functions, tested without opening a file."""

from nayu.documents.content.agency_plan import agency_plan
from nayu.documents.content.plan_book import plan_book
from nayu.documents.content.project_form import project_form
from nayu.documents.content.request_details import request_details

__all__ = ["agency_plan", "plan_book", "project_form", "request_details"]
