"""Uses a running Polder through clients that others wrote; see run."""

import datetime
import decimal
import glob
import json
import os
import sys

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow as pa
import report
from adbc_driver_manager import OperationalError, ProgrammingError
from pyiceberg.table import StaticTable

DATA = sys.argv[1]
PORTS = json.load(open(os.path.join(DATA, "ports.json")))
FLIGHT = "grpc+tcp://127.0.0.1:%d" % PORTS["flight"]
ADMIN = ("admin", "conformance-admin")


def connect(user=ADMIN, database="shop", tenant=None, autocommit=True):
    options = {"username": user[0], "password": user[1]}
    header = "adbc.flight.sql.rpc.call_header."
    if database:
        options[header + "x-polder-database"] = database
    if tenant:
        options[header + "x-polder-tenant"] = tenant
    return flightsql.connect(FLIGHT, db_kwargs=options, autocommit=autocommit)


def run(connection, sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


def refused(connection, sql, code):
    try:
        run(connection, sql)
    except (OperationalError, ProgrammingError, Exception) as e:
        assert code in str(e), f"expected {code}, got {e}"
        return
    raise AssertionError(f"not refused: {sql}")


def prepare():
    with connect(database=None) as admin:
        run(admin, "CREATE DATABASE shop")


def types_survive_the_way_out():
    with connect() as c, c.cursor() as cursor:
        cursor.execute(
            "SELECT 1::INTEGER i, 2::BIGINT b, 1.5::DOUBLE d, 12.34::DECIMAL(9,2) n, 'grüß 🚲' s,"
            " DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 12:34:56.789' AS ts, true AS f, NULL::VARCHAR AS z,"
            " [1, 2] AS l, {'a': 1} AS st"
        )
        table = cursor.fetch_arrow_table()
    row = table.to_pylist()[0]
    assert row["n"] == decimal.Decimal("12.34") and row["s"] == "grüß 🚲" and row["z"] is None
    assert row["day"] == datetime.date(2024, 2, 29) and row["l"] == [1, 2] and row["st"] == {"a": 1}
    assert table.schema.field("i").type == pa.int32() and table.schema.field("b").type == pa.int64()


def parameters_are_bound():
    with connect() as c:
        assert run(c, "SELECT ? + 1, upper(?)", (41, "x'; DROP TABLE t; --")) == [(42, "X'; DROP TABLE T; --")]


def batches_are_ingested():
    rows = pa.table({"id": pa.array(range(100_000), pa.int64()), "v": [f"r{i % 7}" for i in range(100_000)]})
    with connect() as c, c.cursor() as cursor:
        assert cursor.adbc_ingest("ingested", rows, mode="create") == 100_000
        assert cursor.adbc_ingest("ingested", rows.slice(0, 10), mode="append") == 10
        assert run(c, "SELECT count(*), sum(id) FROM ingested") == [(100_010, sum(range(100_000)) + 45)]


def transactions_are_all_or_nothing():
    with connect() as c:
        run(c, "CREATE TABLE a (x INTEGER)")
        run(c, "CREATE TABLE b (x INTEGER)")
    with connect(autocommit=False) as c:
        run(c, "INSERT INTO a VALUES (1)")
        run(c, "INSERT INTO b VALUES (1)")
        assert run(c, "SELECT count(*) FROM a") == [(1,)]
        with connect() as other:
            assert run(other, "SELECT count(*) FROM a") == [(0,)]
        c.rollback()
        run(c, "INSERT INTO a VALUES (2)")
        run(c, "INSERT INTO b VALUES (2)")
        c.commit()
    with connect() as c:
        assert run(c, "SELECT a.x, b.x FROM a, b") == [(2, 2)]


def metadata_lists_what_there_is():
    with connect() as c:
        run(c, "CREATE TABLE listed (id BIGINT, name VARCHAR)")
        objects = c.adbc_get_objects(depth="tables").read_all().to_pylist()
        names = {t["table_name"] for o in objects for s in o["catalog_db_schemas"] for t in s["db_schema_tables"]}
        assert "listed" in names, names
        assert c.adbc_get_table_schema("listed").names == ["id", "name"]


def grants_hold_for_foreign_clients():
    with connect() as c:
        run(c, "CREATE TABLE secret (region VARCHAR, amount INTEGER)")
        run(c, "INSERT INTO secret VALUES ('eu', 1), ('us', 2)")
        run(c, "CREATE TABLE hidden (x INTEGER)")
        run(c, "CREATE ROLE clerk TENANT default")
        run(c, "CREATE USER clara PASSWORD 'clara-password' TENANT default")
        run(c, "GRANT ROLE clerk TO USER clara")
        run(c, "GRANT SELECT ON TABLE secret TO ROLE clerk")
        run(c, "CREATE ROW FILTER eu ON secret FOR ROLE clerk USING (region = 'eu')")
        run(c, "CREATE COLUMN MASK amount ON secret (amount) FOR ROLE clerk USING (NULL)")
    with connect(("clara", "clara-password")) as clara:
        assert run(clara, "SELECT * FROM secret") == [("eu", None)]
        refused(clara, "SELECT * FROM hidden", "ACCESS_DENIED")
        refused(clara, "SELECT * FROM nowhere", "COLLECTION_NOT_FOUND")
        refused(clara, "SELECT * FROM read_csv('/etc/passwd')", "FUNCTION_NOT_ALLOWED")
        with connect() as c:
            run(c, "REVOKE ROLE clerk FROM USER clara")
        refused(clara, "SELECT * FROM secret", "ACCESS_DENIED")


def iceberg(name):
    """The table's newest metadata, as another engine would load it."""
    with connect() as c:
        run(c, f"INSERT INTO {name} VALUES (999, 'last', DATE '2024-12-31')")
    files = glob.glob(os.path.join(DATA, "warehouse", "**", "*.metadata.json"), recursive=True)
    return StaticTable.from_metadata(max(files, key=os.path.getmtime))


def changed_table(name, properties=""):
    with connect() as c:
        run(c, f"CREATE TABLE {name} (id BIGINT, v VARCHAR, d DATE) PARTITIONED BY (bucket(4, id), month(d)) {properties}")
        run(c, f"INSERT INTO {name} SELECT i, 'v' || i, DATE '2024-01-01' + (i % 90)::INTEGER FROM range(200) t(i)")
        run(c, f"DELETE FROM {name} WHERE id % 10 = 3")
        run(c, f"UPDATE {name} SET v = 'changed' WHERE id < 20")


def compare(name):
    theirs = sorted(map(tuple, (r.values() for r in iceberg(name).scan().to_arrow().to_pylist())))
    with connect() as c:
        ours = sorted(run(c, f"SELECT * FROM {name}"))
    assert theirs == ours, f"{len(theirs)} rows there, {len(ours)} here"


def pyiceberg_reads_rewritten_files():
    changed_table("cow")
    compare("cow")


def pyiceberg_reads_position_deletes():
    changed_table(
        "mor",
        "WITH ('write.delete.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read')",
    )
    compare("mor")


TESTS = [
    types_survive_the_way_out,
    parameters_are_bound,
    batches_are_ingested,
    transactions_are_all_or_nothing,
    metadata_lists_what_there_is,
    grants_hold_for_foreign_clients,
    pyiceberg_reads_rewritten_files,
    pyiceberg_reads_position_deletes,
]

if __name__ == "__main__":
    prepare()
    report.run(TESTS)
