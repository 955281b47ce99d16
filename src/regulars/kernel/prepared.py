"""What is asked all day long: made into SQL once a process, planned by the database once a connection.

Of a small query on its keys the asking costs most: Django writes the same SQL anew each time, and the database
plans it anew, which takes ten times as long as finding the rows. `cursor()` is Django's, but the database keeps the
plan of what it is asked. `Compiled` is a query of Django's whose SQL is kept too. See docs/adr/0021.

Only for what is asked in few forms: each form is kept in every connection.
"""

import select
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Generic, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Expression, Model, QuerySet, signals  # noqa: TID251 - asked only whether any are heard
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import get_related_populators
from django.db.models.query_utils import DeferredAttribute

from regulars.kernel import settings_table

M = TypeVar("M", bound=Model)

FEW: Final = 4  # rows that are stored by a kept statement: there is one for each number of them
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
    if not connection.health_check_done and _is_quiet():  # type: ignore[attr-defined]  # the stubs leave it out
        connection.health_check_done = True  # type: ignore[attr-defined]
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw: Any = connection.connection
    with connection.wrap_database_errors:
        own = connection._prepare_cursor(ServerBindingCursor(raw))  # type: ignore[attr-defined]  # as `connection.cursor()` does
    # Only as long as this cursor is used: of a connection that may keep plans, the driver remembers the last hundred
    # statements of every cursor, and Django's hold their values, such as whole mails.
    raw.prepare_threshold = 0
    try:
        with own:
            yield own
    finally:
        raw.prepare_threshold = None


def _is_quiet() -> bool:
    """Whether a connection lies as it was left: one that its server ended since has something to be read."""
    raw: Any = connection.connection
    if raw is None or raw.closed:
        return False
    look = select.poll()
    look.register(raw.pgconn.socket, select.POLLIN)
    return not look.poll(0)


def store(rows: Sequence[Model]) -> None:
    """Store new rows, which then have their keys; few of a kind, as most of what an agent does, by a kept statement."""
    for kind in {type(row) for row in rows}:
        own = [row for row in rows if type(row) is kind]
        if len(own) > FEW or any(row.pk is not None for row in own):
            kind._default_manager.bulk_create(own)
        else:
            _store_few(kind, own)


def _store_few(kind: type[Model], rows: Sequence[Any]) -> None:
    sql, fields = _insert(kind, len(rows))
    values: list[Any] = []
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="bulk_create")
        values += [each.get_db_prep_save(each.pre_save(row, True), connection) for each in fields]
    with cursor() as own:
        own.execute(sql, values)
        keys = own.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):  # in the order of the values, on which Django counts too
        row.pk = key
        row._state.adding, row._state.db = False, "default"


@cache
def _insert(kind: type[Model], count: int) -> tuple[str, list[Any]]:
    meta = kind._meta
    fields = [each for each in meta.concrete_fields if each is not meta.pk]
    names = ", ".join(f'"{each.column}"' for each in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    return f'INSERT INTO "{meta.db_table}" ({names}) VALUES {places} RETURNING "{meta.pk.column}"', fields


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

    def first_beside(self, texts: tuple[str, ...], **given: Any) -> tuple[Any, ...]:
        """The first row, and beside it what these queries of one text each answer; None alone where there is no row."""
        asked = self._form(())
        with cursor() as own:
            own.execute(_beside(asked.sql, texts), asked.filled(given))
            row = own.fetchone()
        return (None,) if row is None else (*asked.objects([row]), *row[len(row) - len(texts) :])

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
    columns: slice = field(default_factory=lambda: slice(0))
    made: "Callable[[Sequence[Any]], Model]" = Model  # of the columns
    around: "list[_Beside]" = field(default_factory=list)  # what is fetched with each row
    annotations: tuple[tuple[str, int], ...] = ()

    def filled(self, given: dict[str, Any]) -> list[Any]:
        return [given[each.name] if isinstance(each, Given) else each for each in self.values]

    def objects(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        found = []
        for row in self.compiler.apply_converters(rows, self.converters) if self.converters else rows:
            one = self.made(row[self.columns])
            for each in self.around:
                each.put(row, one)
            for name, place in self.annotations:
                setattr(one, name, row[place])
            found.append(one)
        return found


@dataclass(frozen=True, slots=True)
class _Beside:
    """What `select_related` fetches with a row, as Django's `RelatedPopulator` has it."""

    populator: Any
    columns: slice
    made: Callable[[Sequence[Any]], Model]
    further: "list[_Beside]"

    @classmethod
    def of(cls, populator: Any) -> "_Beside":
        columns = slice(populator.cols_start, populator.cols_end)
        made = _maker(populator.model_cls, populator.init_list)
        return cls(populator, columns, made, [cls.of(each) for each in populator.related_populators])

    def put(self, row: Sequence[Any], onto: Model) -> None:
        values, one = row[self.columns], None
        if values[self.populator.pk_idx] is not None:
            one = self.made(values)
            for each in self.further:
                each.put(row, one)
        self.populator.local_setter(onto, one)
        if one is not None:
            self.populator.remote_setter(one, onto)


def _maker(model: Any, names: Sequence[str]) -> Callable[[Sequence[Any]], Model]:
    """How rows become objects of a model: as `from_db` makes them, without a look at each field every time."""
    if not _is_plain(model, names):
        return lambda values: model.from_db("default", names, values)

    def made(values: Sequence[Any]) -> Model:
        one = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, "default"
        one.__dict__.update(zip(names, values, strict=True), _state=state)
        return one

    return made


def _is_plain(model: Any, names: Sequence[str]) -> bool:
    """Whether nobody but Django has a hand in making objects of a model, and each value is just kept."""
    own = (model.__init__, model.__new__, model.from_db.__func__)
    if own != (Model.__init__, Model.__new__, Model.from_db.__func__):  # type: ignore[attr-defined]  # a class method has one
        return False
    heard = any(signal.has_listeners(model) for signal in (signals.pre_init, signals.post_init))
    return not heard and all(type(_at_class(model, name)) in _JUST_KEPT for name in names)


def _at_class(model: type, name: str) -> object:
    """What stands for a field at a model's class."""
    return next((vars(each)[name] for each in model.__mro__ if name in vars(each)), None)


_JUST_KEPT: Final = (DeferredAttribute, ForeignKeyDeferredAttribute)


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
        columns=columns,
        made=_maker(known["model"], [each[0].target.attname for each in select[columns]]),
        around=[_Beside.of(each) for each in get_related_populators(known, select, "default")],  # type: ignore[call-arg]  # the stubs are of a later Django
        annotations=tuple((compiler.annotation_col_map or {}).items()),
    )


@cache
def _beside(sql: str, texts: tuple[str, ...]) -> str:
    further = ", ".join(f"({text.replace('%', '%%')})::text" for text in texts)
    return f"SELECT own.*, {further} FROM ({sql}) AS own"


def _counting(rows: QuerySet[Any]) -> _Form:
    sql, values = rows.order_by().values("pk").query.get_compiler("default").as_sql()
    return _Form(f"SELECT count(*) FROM ({sql}) AS counted", tuple(values))


_IS_ON: Final = settings_table.at_start("prepared_statements") == "1"
