"""Uses a running Polder's Iceberg REST catalog through clients that others wrote; see run."""

import glob
import json
import os
import subprocess
import sys

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import report
from clients import ADMIN, PORTS, connect, run
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError
from pyiceberg.expressions import EqualTo, GreaterThanOrEqual
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import BucketTransform
from pyiceberg.types import IntegerType, LongType, NestedField, StringType

HTTP = PORTS["httpUrl"]
CATALOG = HTTP + "/api/catalog"
DATABASE = "lake"
CREDENTIAL = {}


def polaris(*arguments):
    """Apache Polaris' command line."""
    command = [os.path.join(os.path.dirname(sys.executable), "polaris"), "--base-url", HTTP]
    command += ["--client-id", ADMIN[0], "--client-secret", ADMIN[1], *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(arguments)}: {done.stdout} {done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def pyiceberg(scope="PRINCIPAL_ROLE:engineers"):
    return load_catalog(
        scope, type="rest", uri=CATALOG, warehouse=DATABASE, credential=CREDENTIAL["pair"], scope=scope
    )


def duck():
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    packages = os.path.dirname(os.path.dirname(duckdb.__file__))
    for name in ("avro", "httpfs", "iceberg"):
        (file,) = glob.glob(f"{packages}/duckdb_extension_{name}/extensions/*/{name}.duckdb_extension")
        connection.execute(f"LOAD '{file}'")
    client, secret = CREDENTIAL["pair"].split(":")
    connection.execute(
        f"CREATE SECRET lake (TYPE iceberg, CLIENT_ID '{client}', CLIENT_SECRET '{secret}',"
        f" OAUTH2_SERVER_URI '{CATALOG}/v1/oauth/tokens', OAUTH2_SCOPE 'PRINCIPAL_ROLE:engineers')"
    )
    connection.execute(f"ATTACH '{DATABASE}' AS lake (TYPE iceberg, ENDPOINT '{CATALOG}', SECRET lake)")
    return connection


def sql(statement):
    with connect(database=DATABASE) as c:
        return run(c, statement)


def numbers(count, start=0):
    ids = range(start, start + count)
    return pa.table({"id": pa.array(ids, pa.int64()), "name": [f"n{i}" for i in ids]})


def prepare():
    with connect(database=None) as c:
        run(c, f"CREATE DATABASE {DATABASE}")


def polaris_makes_a_principal_with_rights():
    made = polaris("principals", "create", "engine")[0]
    CREDENTIAL["pair"] = made["clientId"] + ":" + made["clientSecret"]
    polaris("principal-roles", "create", "engineers")
    polaris("principal-roles", "create", "nobodies")
    polaris("principal-roles", "grant", "--principal", "engine", "engineers")
    polaris("principal-roles", "grant", "--principal", "engine", "nobodies")
    polaris("catalog-roles", "create", "--catalog", DATABASE, "everything")
    polaris("catalog-roles", "grant", "--catalog", DATABASE, "--principal-role", "engineers", "everything")
    role = ["--catalog", DATABASE, "--catalog-role", "everything"]
    polaris("privileges", "catalog", "grant", *role, "CATALOG_MANAGE_CONTENT")
    listed = polaris("privileges", "list", *role)
    assert {"type": "catalog", "privilege": "CATALOG_MANAGE_CONTENT"} in listed, listed


def polaris_makes_a_namespace_that_sql_has():
    polaris("namespaces", "create", "--catalog", DATABASE, "fromcli")
    sql("CREATE TABLE fromcli.t (id BIGINT)")
    assert polaris("tables", "list", "--catalog", DATABASE, "--namespace", "fromcli")[0]["name"] == "t"


def pyiceberg_writes_what_sql_reads():
    catalog = pyiceberg()
    catalog.create_namespace("py")
    table = catalog.create_table("py.orders", schema=numbers(1).schema)
    table.append(numbers(1000))
    table.delete(GreaterThanOrEqual("id", 900))
    table.overwrite(numbers(1, 5000), overwrite_filter=EqualTo("id", 7))
    assert sql("SELECT count(*), sum(id) FROM py.orders") == [(900, sum(range(900)) - 7 + 5000)]


def pyiceberg_reads_what_sql_writes():
    sql("CREATE TABLE py.fromsql (id BIGINT, tags VARCHAR[], at STRUCT(x INTEGER, y DOUBLE))")
    sql("INSERT INTO py.fromsql VALUES (1, ['a', 'b'], {'x': 1, 'y': 0.5}), (2, NULL, NULL)")
    sql("DELETE FROM py.fromsql WHERE id = 2")
    rows = pyiceberg().load_table("py.fromsql").scan().to_arrow().to_pylist()
    assert rows == [{"id": 1, "tags": ["a", "b"], "at": {"x": 1, "y": 0.5}}], rows


def pyiceberg_changes_schema_and_partitions():
    catalog = pyiceberg()
    schema = Schema(NestedField(1, "id", LongType()), NestedField(2, "name", StringType()))
    spec = PartitionSpec(PartitionField(1, 1000, BucketTransform(4), "by_id"))
    table = catalog.create_table("py.evolved", schema=schema, partition_spec=spec)
    table.append(numbers(10))
    with table.update_schema() as change:
        change.rename_column("name", "title")
        change.add_column("extra", IntegerType())
    with table.update_spec() as change:
        change.remove_field("by_id")
    sql("INSERT INTO py.evolved (id, title, extra) VALUES (100, 'sql', 1)")
    read = table.refresh().scan().to_arrow()
    assert read.num_rows == 11 and pc.sum(read["extra"]).as_py() == 1
    assert sql("SELECT count(title), sum(extra) FROM py.evolved") == [(11, 1)]


def pyiceberg_keeps_branches_and_tags():
    table = pyiceberg().create_table("py.branched", schema=numbers(1).schema)
    table.append(numbers(3))
    first = table.current_snapshot().snapshot_id
    table.manage_snapshots().create_tag(first, "start").create_branch(first, "work").commit()
    table.append(numbers(2, 10), branch="work")
    assert sql("SELECT count(*) FROM py.branched") == [(3,)]
    assert table.scan(snapshot_id=table.refs()["work"].snapshot_id).to_arrow().num_rows == 5
    assert table.scan(snapshot_id=table.refs()["start"].snapshot_id).to_arrow().num_rows == 3


def pyiceberg_creates_in_one_step_renames_and_drops():
    catalog = pyiceberg()
    with catalog.create_table_transaction("py.staged", schema=numbers(1).schema) as made:
        made.append(numbers(5))
    catalog.rename_table("py.staged", "py.renamed")
    assert sql("SELECT count(*) FROM py.renamed") == [(5,)]
    location = catalog.load_table("py.renamed").metadata_location
    catalog.drop_table("py.renamed")
    catalog.register_table("py.again", location)
    assert sql("SELECT count(*) FROM py.again") == [(5,)]
    catalog.purge_table("py.again")
    assert not catalog.table_exists("py.again")


def pyiceberg_sees_views():
    sql("CREATE VIEW py.few AS SELECT id FROM py.orders WHERE id < 3")
    catalog = pyiceberg()
    assert catalog.list_views("py") == [("py", "few")] and catalog.view_exists("py.few")
    catalog.drop_view("py.few")
    assert not catalog.view_exists("py.few")


def of_two_writers_none_is_lost():
    catalog = pyiceberg()
    one = catalog.create_table("py.contended", schema=numbers(1).schema)
    other = catalog.load_table("py.contended")
    one.append(numbers(1))
    try:
        other.append(numbers(1, 1))
    except CommitFailedException:
        other.refresh().append(numbers(1, 1))
    assert sql("SELECT id FROM py.contended ORDER BY id") == [(0,), (1,)]


def a_scope_has_one_roles_rights():
    # Who has no grant in a database does not get as far as its tables.
    try:
        pyiceberg(scope="PRINCIPAL_ROLE:nobodies").load_table("py.orders")
    except NoSuchTableError:
        return
    except Exception as e:
        assert "no grant" in str(e), e
        return
    raise AssertionError("a role without grants reads")


def duckdb_writes_what_sql_reads():
    lake = duck()
    lake.execute("CREATE SCHEMA lake.duck")
    lake.execute("CREATE TABLE lake.duck.t (id BIGINT, name VARCHAR)")
    lake.execute("INSERT INTO lake.duck.t SELECT i, 'n' || i FROM range(1000) r(i)")
    lake.execute("DELETE FROM lake.duck.t WHERE id < 500")
    lake.execute("UPDATE lake.duck.t SET name = 'changed' WHERE id = 700")
    ours = "SELECT count(*), sum(id), count(*) FILTER (name = 'changed') FROM duck.t"
    assert sql(ours) == [(500, sum(range(500, 1000)), 1)], sql(ours)
    sql("INSERT INTO duck.t VALUES (-1, 'sql')")
    assert duck().execute("SELECT count(*), min(id) FROM lake.duck.t").fetchall() == [(501, -1)]


def duckdb_creates_from_a_query():
    duck().execute("CREATE TABLE lake.duck.made AS SELECT i AS id FROM range(10) r(i)")
    assert sql("SELECT sum(id) FROM duck.made") == [(45,)]


TESTS = [
    polaris_makes_a_principal_with_rights,
    polaris_makes_a_namespace_that_sql_has,
    pyiceberg_writes_what_sql_reads,
    pyiceberg_reads_what_sql_writes,
    pyiceberg_changes_schema_and_partitions,
    pyiceberg_keeps_branches_and_tags,
    pyiceberg_creates_in_one_step_renames_and_drops,
    pyiceberg_sees_views,
    of_two_writers_none_is_lost,
    a_scope_has_one_roles_rights,
    duckdb_writes_what_sql_reads,
    duckdb_creates_from_a_query,
]

if __name__ == "__main__":
    prepare()
    report.run(TESTS)
