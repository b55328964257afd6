"""Logs in to a running Polder with tokens of a running Keycloak; see run."""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import adbc_driver_flightsql.dbapi as flightsql
import report
from pyiceberg.catalog.rest import RestCatalog

DATA, KEYCLOAK = sys.argv[1:3]
PORTS = json.load(open(os.path.join(DATA, "ports.json")))
HTTP = PORTS["httpUrl"]
FLIGHT = "grpc+tcp://127.0.0.1:%d" % PORTS["flight"]
ADMIN = "Basic " + base64.b64encode(b"admin:conformance-admin").decode()
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
SKEW = 60
DOORS = {}


class Refused(Exception):
    pass


def ask(url, body=None, method=None, **headers):
    """What was answered, or Refused with status and text."""
    data = body
    if isinstance(body, (dict, list)):
        data = json.dumps(body).encode()
        headers.setdefault("content_type", "application/json")
    request = urllib.request.Request(url, data, {k.replace("_", "-"): v for k, v in headers.items()}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as e:
        raise Refused(f"{e.code} {e.read().decode()}") from e


def form(url, **fields):
    return ask(url, urllib.parse.urlencode(fields).encode())


def endpoint(realm="acme"):
    return f"{KEYCLOAK}/realms/{realm}/protocol/openid-connect/token"


def person(name, password=None, client="people", realm="acme"):
    """The token that somebody gets at Keycloak for a name and a password."""
    fields = {"grant_type": "password", "client_id": client, "username": name, "password": password or f"{name}-at-keycloak"}
    return form(endpoint(realm), **fields)["access_token"]


def engine():
    return form(endpoint(), grant_type="client_credentials", client_id="engine", client_secret="engine-secret")["access_token"]


def header(token):
    first = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))


def manage(path, body=None, method=None):
    """Keycloak's own administration."""
    token = person("admin", "conformance-admin", client="admin-cli", realm="master")
    return ask(f"{KEYCLOAK}/admin/realms/acme{path}", body, method, authorization="Bearer " + token)


def sql(text, authorization=ADMIN, tenant="acme"):
    headers = {"authorization": authorization}
    if authorization != ADMIN or tenant:
        headers["x_polder_database"] = "shop"
    if authorization == ADMIN and tenant:
        headers["x_polder_tenant"] = tenant
    return ask(HTTP + "/api/sql", {"sql": text}, **headers)["rows"]


def door(read):
    DOORS[read.__name__] = read
    return read


@door
def http(token, table="orders"):
    return sql(f"SELECT count(*) FROM {table}", "Bearer " + token)[0][0]


@door
def flight(token, table="orders"):
    options = {
        "adbc.flight.sql.authorization_header": "Bearer " + token,
        "adbc.flight.sql.rpc.call_header.x-polder-database": "shop",
    }
    with flightsql.connect(FLIGHT, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@door
def iceberg(token, table="orders"):
    return rows(catalog(token=token), table)


def catalog(**login):
    return RestCatalog("polder", uri=HTTP + "/api/catalog", warehouse="shop", **login)


def rows(opened, table="orders"):
    return opened.load_table("main." + table).scan().to_arrow().num_rows


def opens(token, expected=3):
    for name, read in DOORS.items():
        found = read(token)
        assert int(found) == expected, f"{name}: {found}"


def refused(action, *said):
    try:
        action()
    except Exception as e:
        text = f"{type(e).__name__}: {e}"
        assert not said or any(word in text for word in said), text
        return
    raise AssertionError("not refused")


def closed(token, *said, table="orders"):
    for read in DOORS.values():
        refused(lambda: read(token, table), *said)


UNKNOWN = "unknown, expired or revoked"


def trust(tenant="acme", realm="acme", **more):
    options = {"issuer": f"{KEYCLOAK}/realms/{realm}", "audience": "polder"} | more
    words = ", ".join(f"{key} = '{value}'" for key, value in options.items())
    sql(f"CREATE OR REPLACE IDENTITY PROVIDER FOR TENANT {tenant} WITH ({words})", tenant=None)


ROLES = {"roles_claim": "realm_access/roles", "roles_pattern": "polder-(.+)", "roles_name": "$1"}


def prepare():
    for statement in ["CREATE DATABASE shop", "CREATE TENANT acme", "CREATE TENANT globex"]:
        sql(statement, tenant=None)
    for tenant, count in [("acme", 3), ("globex", 5)]:
        sql(f"ALTER DATABASE shop ADD TENANT {tenant}", tenant=None)
        sql(f"CREATE TABLE orders AS SELECT i AS id FROM range({count}) t(i)", tenant=tenant)
    sql("CREATE TABLE secret AS SELECT 1 AS id")
    sql("CREATE ROLE reader")
    sql("GRANT SELECT ON TABLE orders TO ROLE reader")
    for user in ["ana", "ben", '"service-account-engine"']:
        sql(f"CREATE USER {user} PASSWORD 'correct horse battery' TENANT acme", tenant=None)
        sql(f"GRANT SELECT ON TABLE orders TO USER {user}")
    sql("GRANT SELECT ON TABLE secret TO USER ana")
    people = manage("/clients?clientId=people")[0]
    own = {"id", "protocolMappers"}
    mappers = [{k: v for k, v in mapper.items() if k != "id"} for mapper in people["protocolMappers"]]
    for name, attributes in [
        ("brief", {"access.token.lifespan": "5"}),
        ("curves", {"access.token.signed.response.alg": "ES256"}),
        ("edwards", {"access.token.signed.response.alg": "EdDSA"}),
        ("shared-secret", {"access.token.signed.response.alg": "HS512"}),
    ]:
        client = {k: v for k, v in people.items() if k not in own}
        manage("/clients", client | {"clientId": name, "attributes": attributes, "protocolMappers": mappers})
    trust()


def people_and_programs_log_in_at_each_door():
    trust()
    opens(person("ana"))
    opens(engine())


def pyiceberg_gets_its_tokens_from_keycloak():
    with_secret = catalog(**{"credential": "engine:engine-secret", "oauth2-server-uri": endpoint(), "scope": "openid"})
    assert rows(with_secret) == 3
    refused(lambda: catalog(**{"credential": "engine:wrong", "oauth2-server-uri": endpoint()}))


def keys_on_curves_will_do_and_shared_secrets_not():
    trust()
    for client, algorithm in [("curves", "ES256"), ("edwards", "EdDSA")]:
        token = person("ana", client=client)
        assert header(token)["alg"] == algorithm
        opens(token)
    secret = person("ana", client="shared-secret")
    assert header(secret)["alg"] == "HS512"
    closed(secret, UNKNOWN)


def a_token_for_another_service_opens_nothing():
    closed(person("ana", client="elsewhere"), UNKNOWN)
    both = {"grant_type": "password", "client_id": "people", "username": "ana", "password": "ana-at-keycloak", "scope": "openid"}
    answer = form(endpoint(), **both)
    closed(answer["refresh_token"], UNKNOWN)
    closed(answer["id_token"], UNKNOWN)


def roles_of_the_token_are_what_counts():
    opens(person("ana"))
    assert [http(person("ana"), "secret"), flight(person("ana"), "secret")] == [1, 1]
    trust(**ROLES)
    try:
        opens(person("ana"))
        closed(person("ana"), table="secret")
        closed(person("ben"))
        refused(lambda: sql("CREATE USER x PASSWORD 'long enough one'", "Bearer " + person("ana")), "ACCESS_DENIED")
        token = form(HTTP + "/api/catalog/v1/oauth/tokens", grant_type=EXCHANGE, subject_token=person("ana"),
                     subject_token_type="urn:ietf:params:oauth:token-type:jwt")
        assert token["scope"] == "PRINCIPAL_ROLE:reader" and token["expires_in"] <= 300 + SKEW, token
        opens(token["access_token"])
        closed(token["access_token"], table="secret")
        manage_role("DELETE")
        closed(person("ana"))
        manage_role("POST")
        opens(person("ana"))
    finally:
        trust()


def user_of(name):
    return manage(f"/users?exact=true&username={name}")[0]


def manage_role(method):
    manage(f"/users/{user_of('ana')['id']}/role-mappings/realm", [manage("/roles/polder-reader")], method)


def a_realm_reaches_its_own_tenant_alone():
    ours = person("ana", "ana-at-globex", realm="globex")
    closed(ours, UNKNOWN)
    trust("globex", "globex")
    closed(ours, "no enabled user of tenant 'globex'")
    trust("globex", "globex", principal_claim="email", provision="true")
    http_tokens = person("ana", "ana-at-globex", realm="globex")
    closed(http_tokens)
    sql('GRANT SELECT ON TABLE orders TO USER "ana@globex.example"', tenant="globex")
    opens(http_tokens, 5)
    sql("DROP IDENTITY PROVIDER FOR TENANT globex", tenant=None)
    closed(http_tokens, UNKNOWN)


def the_mode_says_who_logs_in_where():
    own = sql("CREATE TOKEN internal FOR USER ana")[0]
    own = next(value for value in own if str(value).startswith("polder_"))
    opens(own)
    trust(mode="external")
    closed(own, "bring its token", "no longer valid")
    refused(lambda: sql("SELECT 1", "Basic " + base64.b64encode(b"ana:correct horse battery").decode()), "EXTERNAL_LOGIN_REQUIRED")
    refused(lambda: rows(catalog(credential="ana:correct horse battery")), "unauthorized_client", "bring its token")
    opens(person("ana"))
    trust(mode="internal")
    closed(person("ana"), UNKNOWN)
    opens(own)
    trust()


def keys(**wanted):
    found = manage("/components?type=org.keycloak.keys.KeyProvider")
    return [key for key in found if all(key[name] == value for name, value in wanted.items())]


def a_new_key_is_found_and_one_taken_back_counts_no_more():
    before = person("ana")
    opens(before)
    old = keys(providerId="rsa-generated")
    manage("/components", {
        "name": "rsa-new", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "parentId": old[0]["parentId"],
        "config": {"priority": ["200"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"], "keySize": ["2048"]},
    })
    after = person("ana")
    assert header(after)["kid"] != header(before)["kid"]
    opens(after)
    opens(before)
    for key in old:
        key["config"] |= {"enabled": ["false"], "active": ["false"]}
        manage(f"/components/{key['id']}", key, "PUT")
    trust()
    opens(after)
    closed(before, UNKNOWN)


def who_is_disabled_at_keycloak_is_out_when_the_token_ends():
    token = person("ben", client="brief")
    opens(token)
    manage(f"/users/{user_of('ben')['id']}", {"enabled": False}, "PUT")
    refused(lambda: person("ben"), "invalid_grant")
    began = time.monotonic()
    while time.monotonic() - began < SKEW + 10:
        try:
            http(token)
        except Refused as e:
            assert UNKNOWN in str(e), e
            break
        time.sleep(1)
    closed(token, UNKNOWN)


def who_is_disabled_here_is_out_at_once():
    token = person("ana")
    opens(token)
    sql("ALTER USER ana DISABLE", tenant=None)
    closed(token, "no enabled user")
    sql("ALTER USER ana ENABLE", tenant=None)
    opens(token)


TESTS = [
    people_and_programs_log_in_at_each_door,
    pyiceberg_gets_its_tokens_from_keycloak,
    keys_on_curves_will_do_and_shared_secrets_not,
    a_token_for_another_service_opens_nothing,
    roles_of_the_token_are_what_counts,
    a_realm_reaches_its_own_tenant_alone,
    the_mode_says_who_logs_in_where,
    a_new_key_is_found_and_one_taken_back_counts_no_more,
    who_is_disabled_here_is_out_at_once,
    who_is_disabled_at_keycloak_is_out_when_the_token_ends,
]

if __name__ == "__main__":
    prepare()
    report.run(TESTS)
