"""Frozen dataclasses to JSON values and back, exactly: decimals as text, tuples as lists."""

import dataclasses
import types
import typing
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

Value = TypeVar("Value")


def to_json(value: Any) -> Any:
    """JSON-ready form of a dataclass, tuple, decimal, date or plain value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [to_json(part) for part in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def from_json(cls: type[Value], data: dict[str, Any]) -> Value:
    """The dataclass again. Fields that the stored value lacks take their default."""
    hints: dict[str, Any] = _hints(cls)  # type: ignore[arg-type]
    known = {name: _restore(hints[name], data[name]) for name in hints if name in data}
    return cls(**known)


def _restore(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        inner = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        return _restore(inner, value)
    if origin is tuple:
        args = typing.get_args(hint)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_restore(args[0], part) for part in value)
        return tuple(_restore(arg, part) for arg, part in zip(args, value, strict=True))
    if hint is Decimal:
        return Decimal(value)
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return from_json(hint, value)
    return value
