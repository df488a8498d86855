"""SQL Server and Oracle as far as it goes without one: addresses, what drivers are told, statements, errors."""

import socket
import ssl
import sys
from datetime import datetime
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.dialects import mssql, oracle
from sqlalchemy.exc import DBAPIError

from integrations.connectors.sql import defaults, specification
from integrations.connectors.sql.rows import mark_of
from integrations.transports import sql_calls, sql_drivers
from integrations.transports.sql import Database, checked
from integrations.transports.sql_errors import SqlRefusal, judge
from portal.core import guard
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable

pytestmark = pytest.mark.pure
WAY = sql_drivers.Way("db.example", "192.0.2.7", "pw", 15)
DIALECTS: dict[str, Any] = {
    "mssql": mssql.dialect(paramstyle="qmark"),
    "oracle": oracle.dialect(),
}


def told(address: str, **given: Any) -> str:
    return sql_drivers.odbc_string(checked(address), WAY._replace(**given))


class TestAddresses:
    @pytest.mark.parametrize(
        "address", ["mssql://erp@db.example/erp", "oracle://erp@db.example/XE"]
    )
    def test_without_its_driver_it_is_said_what_to_install(self, monkeypatch, address) -> None:
        monkeypatch.setitem(sys.modules, "pyodbc", None)
        monkeypatch.setitem(sys.modules, "oracledb", None)
        with pytest.raises(NeedsCredentials) as caught:
            Database(address)
        said = str(caught.value)
        assert f"(the extra {address.partition(':')[0]})" in said
        assert "rossdock" not in said, "a partner reads it"

    @pytest.mark.parametrize(
        ("address", "why"),
        [
            ("mssql://erp:pw@db.example/erp", "holds a password"),
            ("mssql+pymssql://erp@db.example/erp", "is not one of"),
            ("oracle+cx_oracle://erp@db.example/XE", "is not one of"),
            ("mssql://erp@db.example/erp?TrustServerCertificate=yes", "is not allowed"),
            ("mssql://erp@db.example/erp?driver=/tmp/own.so", "is not allowed"),
            ("mssql://erp@db.example/erp?encrypt=perhaps", "one of yes, strict, no"),
            ("mssql://erp@/erp?host=/var/run/x", "not its socket"),
            ("oracle://erp@db.example/XE?wallet_location=/etc", "is not allowed"),
            ("oracle://erp@db.example/XE?sslmode=require", "is not allowed"),
            ("oracle://erp@/XE?host=a,b", "more than one host"),
            ("postgresql://erp@db.example/erp?encrypt=no", "is not allowed"),
            ("mssql://erp@db.example/erp?port=abc", "port is no number"),
            ("mssql://erp@db.example/erp?port=1433&port=1", "port is no number"),
            ("oracle://erp@db.example:99999/XE", "port is no number"),
            ("mysql://erp@db.example/erp?port=0", "port is no number"),
        ],
    )  # fmt: skip
    def test_an_unfit_one_is_refused_and_says_why(self, address, why) -> None:
        with pytest.raises(NeedsCredentials, match=why):
            checked(address)

    def test_odbc_goes_to_the_judged_address_and_checks_the_entered_name(self) -> None:
        said = told("mssql://erp@db.example:1444/erp")
        assert "Driver={ODBC Driver 18 for SQL Server};Server={tcp:192.0.2.7,1444}" in said
        assert "Encrypt={yes};TrustServerCertificate={no}" in said
        assert "HostNameInCertificate={db.example}" in said
        assert "Encrypt={no}" in told("mssql://erp@db.example/erp?encrypt=no")

    def test_no_value_adds_another_to_what_odbc_is_told(self) -> None:
        said = told("mssql://e%7D%3BUID%3Dsa@db.example/erp", password="x};Encrypt={no")
        assert "UID={e}};UID=sa};PWD={x}};Encrypt={no}" in said
        with pytest.raises(NeedsCredentials):
            told("mssql://erp@db.example/erp", password="a\0b")

    def test_oracle_is_told_the_judged_address_and_a_context_that_knows_the_name(self) -> None:
        url = checked("oracle://erp@db.example/XEPDB1?protocol=tcps")
        said = sql_drivers.oracle_arguments(url, WAY)
        assert (said["host"], said["port"], said["service_name"]) == ("192.0.2.7", 1521, "XEPDB1")
        context = said["ssl_context"]
        context.check_hostname = False  # as the driver does
        assert (context.name, context.check_hostname) == ("db.example", True)
        assert context.verify_mode == ssl.CERT_REQUIRED
        assert "ssl_context" not in sql_drivers.oracle_arguments(
            checked("oracle://erp@db.example/XE"), WAY
        )

    def test_a_listener_sends_oracles_driver_nowhere_that_may_not_be_called(
        self, monkeypatch
    ) -> None:
        driver = ModuleType("oracledb.thin_impl")
        driver.socket = socket  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "oracledb", ModuleType("oracledb"))
        monkeypatch.setitem(sys.modules, "oracledb.thin_impl", driver)
        guard.set_allowed_networks(lambda: ["db.internal"])  # by its name, and no other there
        sql_drivers.must_be_installed(checked("oracle://erp@db.internal/XE"))
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            here = WAY._replace(host="db.internal", address="127.0.0.1")
            sql_drivers.oracle_arguments(checked("oracle://erp@db.internal/XE"), here)
            driver.socket.create_connection(("127.0.0.1", port), timeout=5).close()
            sql_drivers.oracle_arguments(checked("oracle://erp@db.example/XE"), WAY)
            with pytest.raises(Permanent, match="does not allow calling it"):
                driver.socket.create_connection(("127.0.0.1", port), timeout=5)


class TestStatements:
    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_the_usual_layout_is_read_and_written_in_its_own_words(self, dialect) -> None:
        read = specification.queries({}, dialect=dialect)
        written = specification.writes({}, dialect=dialect)
        statements = [query.select for query in read.values()]
        for write in written.values():
            statements += [write.look_up, *(one.run for one in write.create + (write.cancel or ()))]
        for statement in statements:
            compiled = str(text(statement).compile(dialect=DIALECTS[dialect]))
            assert "LIMIT" not in compiled
            assert "CALL" not in compiled
        assert read["products"].select.endswith("FETCH NEXT :limit ROWS ONLY")
        assert yaml.safe_load(defaults.writes(dialect))["order"]["cancel"]

    @pytest.mark.parametrize(
        ("dialect", "call", "compiled"),
        [
            ("mssql", "EXEC import_order :document", "EXEC import_order ?"),
            (
                "oracle",
                "BEGIN import_order(:document); END;",
                "BEGIN import_order(:document); END;",
            ),
        ],
    )
    def test_a_procedure_is_called_with_the_document_bound(self, dialect, call, compiled) -> None:
        order = specification.writes({}, dialect=dialect)["order"]
        assert order.create[0].run == call
        assert str(text(call).compile(dialect=DIALECTS[dialect])) == compiled

    @pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite"])
    def test_the_others_keep_theirs(self, dialect) -> None:
        read = specification.queries({}, dialect=dialect)
        assert all(query.select.endswith("LIMIT :limit") for query in read.values())
        assert ("||" in read["stock"].select) == (dialect in {"postgresql", "sqlite"})
        assert ("AT TIME ZONE" in defaults.writes(dialect)) == (dialect == "postgresql")

    def test_the_marks_of_changes_are_ones_that_their_columns_take(self) -> None:
        assert mark_of(datetime(2026, 3, 2, 10, 0, 0, 123000)) == "2026-03-02 10:00:00.123"
        assert mark_of(datetime(2026, 3, 2, 10, 0, 0, 123456)) == "2026-03-02 10:00:00.123456"
        assert mark_of(datetime(2026, 3, 2, 10)) == "2026-03-02 10:00:00"
        assert mark_of(b"\0\0\0\0\0\0\x07\xd1") == "2001"


class Cursor:
    """What pyodbc gives for a procedure: one answer after the other, and an error that comes with a later one."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.closed, self.ran = list(answers), False, ()

    def execute(self, *ran: Any) -> None:
        self.ran = ran
        self.take()

    def take(self) -> None:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.rows = answer
        self.description = [("order_no", None)] if answer is not None else None

    def fetchall(self) -> list[Any]:
        return self.rows

    def nextset(self) -> bool:
        if not self.answers:
            return False
        self.take()
        return True

    def close(self) -> None:
        self.closed = True


def run(cursor: Cursor) -> list[dict[str, Any]]:
    opened: Any = SimpleNamespace(
        dialect=DIALECTS["mssql"], connection=SimpleNamespace(cursor=lambda: cursor)
    )
    clause = text("EXEC import_order :document").bindparams(document="{}")
    return sql_calls.run_to_the_end(opened, clause)


class TestCalls:
    def test_the_first_rows_of_a_procedure_are_its_answer(self) -> None:
        cursor = Cursor(None, [(4711,)], None, [(1,)])
        assert run(cursor) == [{"order_no": 4711}]
        assert cursor.ran == ("EXEC import_order ?", ["{}"])
        assert cursor.closed

    def test_what_it_raises_behind_its_first_answer_is_no_success(self) -> None:
        cursor = Cursor([(4711,)], RuntimeError("50103"))
        with pytest.raises(RuntimeError, match="50103"):
            run(cursor)
        assert cursor.closed

    @pytest.mark.parametrize(
        ("statement", "dialect", "is_call"),
        [
            ("EXEC import_order :document", "mssql", True),
            (" execute dbo.import_order :document", "mssql", True),
            ("UPDATE executions SET x = 1", "mssql", False),
            ("BEGIN import_order(:document); END;", "oracle", True),
            ("UPDATE t SET x = 1", "oracle", False),
            ("CALL import_order(:document)", "postgresql", False),
        ],
    )
    def test_a_call_is_known_by_its_first_word(self, statement, dialect, is_call) -> None:
        assert sql_calls.is_call(statement, dialect) is is_call


def odbc(state: str, number: int, words: str) -> Exception:
    said = f"[{state}] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]{words} ({number}) (SQLExecDirectW)"
    return Exception(state, said)


def judged(original: Exception, *, is_lost: bool = False) -> CrossdockError | SqlRefusal:
    return judge(DBAPIError("x", None, original, connection_invalidated=is_lost))


ORA = "{}: {}\nHelp: https://docs.example/error-help/db/"


class TestErrors:
    @pytest.mark.parametrize(
        ("original", "codes", "words", "means"),
        [
            (odbc("23000", 2627, "Violation of UNIQUE KEY constraint 'UQ'."), ("2627", "23000"),
             "Violation of UNIQUE KEY constraint 'UQ'.", "already_there"),
            (odbc("23000", 2601, "Cannot insert duplicate key row."), ("2601", "23000"),
             "Cannot insert duplicate key row.", "already_there"),
            (odbc("42000", 50103, "E103 ITEM UNKNOWN: X"), ("50103", "42000"), "E103 ITEM UNKNOWN: X",
             "unknown_sku"),
            (odbc("42000", 50000, "E201 NOT OPEN"), ("50000", "42000"), "E201 NOT OPEN", "order_not_open"),
            (odbc("42S02", 208, "Invalid object name 'nowhere'."), ("208", "42S02"),
             "Invalid object name 'nowhere'.", None),
            (Exception(ORA.format("ORA-00001", "unique constraint (ERP.UQ) violated")), ("ORA-00001",),
             "ORA-00001: unique constraint (ERP.UQ) violated", "already_there"),
            (Exception(ORA.format("ORA-20103", "E103 ITEM UNKNOWN: X\nORA-06512: at \"ERP.IMPORT_ORDER\"")),
             ("ORA-20103",), "E103 ITEM UNKNOWN: X", "unknown_sku"),
            (Exception(ORA.format("ORA-00942", "table or view does not exist")), ("ORA-00942",),
             "ORA-00942: table or view does not exist", None),
        ],
    )  # fmt: skip
    def test_a_refusal_has_its_number_and_the_databases_own_words(
        self, original, codes, words, means
    ) -> None:
        found = judged(original)
        assert isinstance(found, SqlRefusal)
        assert (found.codes, found.words) == (codes, words)
        assert specification.meanings({}).of(found.codes, found.words) == means

    @pytest.mark.parametrize(
        ("errors", "codes"),
        [('{"50777": credit_hold}', ("50777", "42000")), ("{ORA-20777: credit_hold}", ("ORA-20777",))],
    )  # fmt: skip
    def test_a_person_names_what_a_number_means(self, errors, codes) -> None:
        assert specification.meanings({"errors": errors}).of(codes, "x") == "credit_hold"

    @pytest.mark.parametrize(
        ("original", "error", "code"),
        [
            (odbc("28000", 18456, "Login failed for user 'erp'."), NeedsCredentials, "auth_expired"),
            (odbc("42000", 4060, 'Cannot open database "erp".'), NeedsCredentials, "auth_expired"),
            (odbc("42000", 229, "The EXECUTE permission was denied."), NeedsCredentials, "forbidden"),
            (odbc("40001", 1205, "was deadlocked on lock resources"), Retryable, "unavailable"),
            (odbc("42000", 1222, "Lock request time out period exceeded."), Retryable, "unavailable"),
            (odbc("HYT00", 0, "Query timeout expired"), Retryable, "timeout"),
            (odbc("08001", 10061, "TCP Provider: refused"), Retryable, "unavailable"),
            (Exception("01000", "[01000] [unixODBC][Driver Manager]Can't open lib 'ODBC Driver 18 for SQL"
                       " Server' : file not found (0) (SQLDriverConnect)"), NeedsCredentials, "bad_address"),
            (Exception(ORA.format("ORA-01017", "invalid credential")), NeedsCredentials, "auth_expired"),
            (Exception(ORA.format("DPY-6001", "Service is not registered")), NeedsCredentials, "auth_expired"),
            (Exception(ORA.format("ORA-01031", "insufficient privileges")), NeedsCredentials, "forbidden"),
            (Exception(ORA.format("ORA-00060", "deadlock detected")), Retryable, "unavailable"),
            (Exception(ORA.format("DPY-4024", "call timeout of 30000 ms exceeded")), Retryable, "timeout"),
            (Exception(ORA.format("DPY-6005", "cannot connect")), Retryable, "unavailable"),
        ],
    )  # fmt: skip
    def test_what_is_no_refusal_names_its_recovery(self, original, error, code) -> None:
        found = judged(original)
        assert isinstance(found, error)
        assert found.code == code

    def test_a_connection_that_was_lost_half_way_is_uncertain(self) -> None:
        found = judged(odbc("08S01", 10054, "Communication link failure"), is_lost=True)
        assert isinstance(found, Retryable)
        assert found.uncertain

    def test_a_number_of_mysql_keeps_its_meaning(self) -> None:
        assert isinstance(judged(Exception(1222, "different number of columns")), SqlRefusal)
        assert isinstance(judged(Exception(1062, "Duplicate entry")), SqlRefusal)

    def test_one_that_speaks_of_an_oracle_behind_it_is_not_judged_as_one(self) -> None:
        found = judged(Exception("the gateway says ORA-01017"))
        assert "refused the login" not in str(found)
