"""Tables and queries in SQLite and PostgreSQL, through ADBC."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from upswell.data.reading._frames import read_frame
from upswell.data.reading._table import Table
from upswell.errors import SettingError, SourceError

__all__ = ["is_uri", "read_database", "without_secrets"]

_POSTGRES = ("postgresql", "postgres")
_SECRETS = ("password", "passfile", "sslpassword")
_FORMS = (
    "sqlite:///FILE?table=TABLE, postgresql://USER@HOST/DATABASE?table=TABLE, or ?query=SELECT..."
)


@dataclass(frozen=True)
class _Address:
    """A database URI taken apart; `secrets` never leave this module."""

    name: str
    driver_uri: str
    sql: str
    secrets: tuple[str, ...]


def is_uri(source: str) -> bool:
    """Tell whether a text is a URI and not a path.

    Examples
    --------
    >>> is_uri("sqlite:///views.db?table=daily"), is_uri("views.csv")
    (True, False)
    """
    return "://" in source


def read_database(uri: str) -> Table:
    """Read a table or the result of a query.

    Parameters
    ----------
    uri
        ``sqlite:///FILE`` (four slashes for an absolute path) or
        ``postgresql://USER@HOST/DATABASE``, with ``?table=NAME`` or ``?query=SELECT ...``.
        The rest of its options goes to the driver.

    Raises
    ------
    SettingError
        When the URI is not understood.
    SourceError
        When the database cannot be reached or the table not be read. No message has the password.
    """
    scheme = urlsplit(uri).scheme.casefold()
    if scheme == "sqlite":
        address = _sqlite_address(uri)
        # The driver takes the types of columns from its first batch: all rows must be in it.
        options = {"adbc.sqlite.query.batch_rows": "2000000000"}
    elif scheme in _POSTGRES:
        address, options = _postgres_address(uri), {}
    else:
        raise SettingError(
            f'addresses that begin with "{scheme}:" are not known', fix=f"use {_FORMS}"
        )
    content = _fetch(address, options, sqlite=scheme == "sqlite")
    return read_frame(content, address.name)


def _fetch(address: _Address, options: dict[str, str], *, sqlite: bool) -> Any:
    # By name, so that only the driver that is needed is loaded.
    dbapi = import_module(f"adbc_driver_{'sqlite' if sqlite else 'postgresql'}.dbapi")
    problem: str | None = None
    try:
        with (
            closing(dbapi.connect(address.driver_uri)) as connection,
            closing(connection.cursor()) as cursor,
        ):
            if not sqlite:
                cursor.execute("SET TRANSACTION READ ONLY")
            if options:
                cursor.adbc_statement.set_options(**options)
            cursor.execute(address.sql)
            return _storage(cursor.fetch_arrow_table())
    except (dbapi.Error, OSError) as error:
        problem = _without(address.secrets, str(error).strip().split("\n", 1)[0])
    # Outside the handler, so that no chained error carries the driver's own words.
    raise SourceError(
        f"{address.name} cannot be read: {problem}",
        fix="check the address, the rights and the name of the table",
    )


def _storage(table: Any) -> Any:
    """Replace columns of types that only the database knows (such as NUMERIC) by their text."""
    import pyarrow as pa

    columns = []
    for column in table.columns:
        kind = column.type
        columns.append(
            column.cast(kind.storage_type) if isinstance(kind, pa.BaseExtensionType) else column
        )
    return pa.Table.from_arrays(columns, names=table.column_names)


def _without(secrets: tuple[str, ...], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def _statement(parameters: dict[str, str], uri_form: str) -> str:
    table, query = parameters.pop("table", None), parameters.pop("query", None)
    if (table is None) == (query is None) or not (table or query):
        raise SettingError(
            "a database needs either a table or a query", fix=f"add ?table=NAME: {uri_form}"
        )
    if query:
        return query
    parts = (table or "").split(".")
    # Quoted, so that a name of any kind stays a name; nothing else enters the statement.
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in parts)
    return f"SELECT * FROM {quoted}"  # noqa: S608


def _sqlite_address(uri: str) -> _Address:
    parts = urlsplit(uri)
    if parts.netloc or len(parts.path) < 2:
        raise SettingError(f'"{uri}" names no file', fix="use sqlite:///FILE?table=TABLE")
    parameters = dict(parse_qsl(parts.query))
    sql = _statement(parameters, "sqlite:///FILE?table=TABLE")
    path = Path(unquote(parts.path[1:])).expanduser()
    if not path.is_file():
        raise SourceError(f"the database {path} does not exist", fix="check the path")
    driver_uri = f"file:{quote(str(path))}?mode=ro"
    return _Address(uri, driver_uri, sql, ())


def without_secrets(uri: str) -> str:
    """Return a database URI without its password and the like.

    Examples
    --------
    >>> without_secrets("postgresql://ana:secret@host/db?table=daily&password=secret")
    'postgresql://ana@host/db?table=daily'
    """
    return _shown(uri)[0] if urlsplit(uri).scheme.casefold() in _POSTGRES else uri


def _shown(uri: str) -> tuple[str, tuple[str, ...]]:
    """Return a PostgreSQL URI without secrets, and the secrets."""
    parts = urlsplit(uri)
    parameters = dict(parse_qsl(parts.query))
    shown = {key: text for key, text in parameters.items() if key not in _SECRETS}
    secrets = {parameters[key] for key in _SECRETS if key in parameters}
    login, _, host = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    secrets |= {password, unquote(password)}
    place = f"{user}@{host}" if user else host
    # Not through urlunsplit, which drops the slashes before an empty host (a Unix socket).
    options = "&".join(f"{key}={text}" for key, text in shown.items())
    known = tuple(sorted((secret for secret in secrets if secret), key=len, reverse=True))
    return f"{parts.scheme}://{place}{parts.path}?{_without(known, options)}", known


def _postgres_address(uri: str) -> _Address:
    name, known = _shown(uri)
    parts = urlsplit(uri)
    parameters = dict(parse_qsl(parts.query))
    try:
        sql = _statement(parameters, "postgresql://USER@HOST/DATABASE?table=TABLE")
    except SettingError as error:
        error.what = f"{name}: {error.what}"
        raise
    rest = urlencode(parameters, quote_via=quote)
    driver_uri = f"postgresql://{parts.netloc}{parts.path}?{rest}"
    return _Address(name, driver_uri, sql, known)
