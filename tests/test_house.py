"""The house itself: what is locked, which way relations point, money computed in Python alone."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from nayu.db.fields import MoneyField

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "nayu"
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)(?: ; (.*?))?(?: \\)?$", re.MULTILINE)
ELSEWHERE = re.compile(r"win32|Windows|< '3\.1[01]'|emscripten")
WITHOUT_WHEELS: dict[str, str] = {}  # package: why it may be built from source


def locked() -> set[str]:
    found = set()
    for name in ("build", "base", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        for package, version, condition in PIN.findall(text):
            if not ELSEWHERE.search(condition):
                found.add(f"{package}=={version}")
    return found


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_locked_package_has_a_wheel_or_is_a_named_exception(machine):
    kept = (ROOT / "requirements" / f"wheels-{machine}.txt").read_text(encoding="utf-8")
    without = {pin for pin in locked() if pin not in kept.split()}
    assert {pin.split("==")[0] for pin in without} == set(WITHOUT_WHEELS)


def test_the_lock_has_hashes_and_names_no_registry():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        if not path.name.startswith("wheels-"):
            assert text.count("--hash=sha256:") >= len(PIN.findall(text)) > 0


def floors() -> list[str]:
    """Apps from the ground up, as the import contract orders them."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.search(r'id = "apps".*?layers = \[(.*?)\]', text, re.DOTALL)
    assert layers
    return re.findall(r"[a-z_]+", layers.group(1))[::-1]


def test_foreign_keys_point_down():
    order = {f"nayu.{name}": place for place, name in enumerate(floors())}
    wrong = [
        f"{model._meta.label} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("nayu.")
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model
        and field.related_model.__module__.startswith("nayu.")
        and field.related_model is not get_user_model()  # everybody's by Django's own setting
        and order[app_of(field.related_model)] > order[app_of(model)]
    ]  # fmt: skip
    assert wrong == []


def app_of(model) -> str:
    return ".".join(model.__module__.split(".")[:2])


def money_columns() -> set[str]:
    return {
        field.name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, MoneyField)
    }


def test_no_expression_computes_with_a_column_of_money():
    """`F("amount") * …` would leave the exact arithmetic of Decimal for the database's own."""
    names = money_columns()
    assert names
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        if not {"migrations", "tests"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "F"
        and any(isinstance(a, ast.Constant) and str(a.value).split("__")[-1] in names for a in node.args)
    ]  # fmt: skip
    assert wrong == []


def test_no_float_touches_the_books():
    """No `float(` in the apps that hold or add money."""
    held = ("core", "budget", "publication", "projects", "workbooks")
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for app in held
        for path in (SOURCE / app).rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float"
    ]
    assert wrong == []
