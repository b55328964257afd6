-- Client credentials: one of a principal at a time. The secrets are random, so their SHA-256 is enough.
CREATE TABLE client_credential (
  client_id ${text} PRIMARY KEY,
  principal_id ${text} NOT NULL,
  secret_hash ${text} NOT NULL,
  rotation_required ${long} NOT NULL,
  created_at ${long} NOT NULL
) ${options};
CREATE UNIQUE INDEX client_credential_principal ON client_credential (principal_id);

-- Whose tokens tell who a tenant's principals are.
CREATE TABLE identity_provider (
  tenant ${text} PRIMARY KEY,
  issuer ${text} NOT NULL,
  audiences ${text} NOT NULL,
  principal_claim ${text},
  roles_claim ${text},
  role_pattern ${text},
  role_name ${text},
  tenant_claim ${text},
  tenant_value ${text} NOT NULL,
  provision ${long} NOT NULL,
  mode ${text} NOT NULL,
  created_at ${long} NOT NULL
) ${options};
CREATE INDEX identity_provider_issuer ON identity_provider (issuer);

-- What a token is good for, empty for everything; and the token that it was obtained with.
ALTER TABLE token ADD COLUMN scope ${text} NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN parent ${text};
