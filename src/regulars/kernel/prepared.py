"""What is asked all day long: made into SQL once a process, planned by the database once a connection.

Of a small query on its keys the asking costs most: Django writes the same SQL anew each time, and the database
plans it anew, which takes ten times as long as finding the rows. `cursor()` is Django's, but the database keeps the
plan of what it is asked. `Compiled` is a query of Django's whose SQL is kept too. See docs/adr/0021.

Only for what is asked in few forms: each form is kept in every connection.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Generic, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators

from regulars.kernel import settings_table

M = TypeVar("M", bound=Model)

MOST_FORMS: Final = 40  # of one query; an agent whose teams are hidden in another way needs another


class Given(Expression):
    """Stands in a query for a value that is given when it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # no more is asked of it
        return "%s", [self]


@contextmanager
def cursor() -> Iterator[Any]:
    """A cursor of whose statements the database keeps the plans; one statement at a time."""
    if not _IS_ON or connection.queries_logged:  # a log shows statements with their values
        with connection.cursor() as plain:
            yield plain
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw: Any = connection.connection
    raw.prepare_threshold = 0  # for this kind of cursor: those of Django prepare nothing, whatever this says
    with connection.wrap_database_errors:
        own = connection._prepare_cursor(ServerBindingCursor(raw))  # type: ignore[attr-defined]  # as `connection.cursor()` does
    with own:
        yield own


def store(rows: Sequence[Model]) -> None:
    """Store new rows, which then have their keys; one alone, as most of what an agent does, by a kept statement."""
    if len(rows) != 1 or rows[0].pk is not None:
        for kind in {type(row) for row in rows}:
            kind._default_manager.bulk_create([row for row in rows if type(row) is kind])
        return
    row: Any = rows[0]
    row._prepare_related_fields_for_save(operation_name="bulk_create")
    sql, fields = _insert(type(row))
    with cursor() as own:
        own.execute(sql, [each.get_db_prep_save(each.pre_save(row, True), connection) for each in fields])
        row.pk = own.fetchone()[0]
    row._state.adding, row._state.db = False, "default"


@cache
def _insert(kind: type[Model]) -> tuple[str, list[Any]]:
    meta = kind._meta
    fields = [each for each in meta.concrete_fields if each is not meta.pk]
    names = ", ".join(f'"{each.column}"' for each in fields)
    places = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({places}) RETURNING "{meta.pk.column}"', fields


class Compiled(Generic[M]):
    """A query of Django's with `Given` values. `made` returns it for a form, such as the teams that are hidden."""

    def __init__(self, made: Callable[..., QuerySet[M]]) -> None:
        self.made = made
        self._forms: OrderedDict[Hashable, _Form] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, *form: Hashable, **given: Any) -> list[M]:
        """The rows, as Django would make them."""
        asked = self._form(form)
        with cursor() as own:
            own.execute(asked.sql, asked.filled(given))
            return asked.objects(own.fetchall())

    def count(self, *form: Hashable, **given: Any) -> int:
        """How many rows there are."""
        asked = self._form(form, is_counted=True)
        with cursor() as own:
            own.execute(asked.sql, asked.filled(given))
            return own.fetchone()[0]

    def first(self, *form: Hashable, **given: Any) -> M | None:
        """The first row, if there is one."""
        return next(iter(self.rows(*form, **given)), None)

    def _form(self, form: tuple[Hashable, ...], *, is_counted: bool = False) -> "_Form":
        key = (is_counted, form)
        with self._lock:
            known = self._forms.get(key)
            if known is None:
                rows = self.made(*form)
                known = self._forms[key] = _counting(rows) if is_counted else _form_of(rows)
                if len(self._forms) > MOST_FORMS:
                    self._forms.popitem(last=False)
            else:
                self._forms.move_to_end(key)
            return known


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a query: its text, its values, and how its rows become objects, as `ModelIterable` has it."""

    sql: str
    values: tuple[Any, ...]
    compiler: Any = None
    converters: dict[int, Any] = field(default_factory=dict)
    model: type[Model] = Model
    names: list[str] = field(default_factory=list)
    columns: slice = field(default_factory=lambda: slice(0))
    around: list[Any] = field(default_factory=list)  # what is fetched with each row
    annotations: tuple[tuple[str, int], ...] = ()

    def filled(self, given: dict[str, Any]) -> list[Any]:
        return [given[each.name] if isinstance(each, Given) else each for each in self.values]

    def objects(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        found = []
        for row in self.compiler.apply_converters(rows, self.converters) if self.converters else rows:
            one = self.model.from_db("default", self.names, row[self.columns])
            for each in self.around:
                each.populate(row, one)
            for name, place in self.annotations:
                setattr(one, name, row[place])
            found.append(one)
        return found


def _form_of(rows: QuerySet[Any]) -> _Form:
    compiler: Any = rows.query.get_compiler("default")
    sql, values = compiler.as_sql()
    select, known = compiler.select, compiler.klass_info
    columns = slice(known["select_fields"][0], known["select_fields"][-1] + 1)
    return _Form(
        sql=sql,
        values=tuple(values),
        compiler=compiler,
        converters=compiler.get_converters([each[0] for each in select[: compiler.col_count]]),
        model=known["model"],
        names=[each[0].target.attname for each in select[columns]],
        columns=columns,
        around=get_related_populators(known, select, "default"),  # type: ignore[call-arg]  # the stubs are of a later Django
        annotations=tuple((compiler.annotation_col_map or {}).items()),
    )


def _counting(rows: QuerySet[Any]) -> _Form:
    sql, values = rows.order_by().values("pk").query.get_compiler("default").as_sql()
    return _Form(f"SELECT count(*) FROM ({sql}) AS counted", tuple(values))


_IS_ON: Final = settings_table.at_start("prepared_statements") == "1"
