-- Client credentials: one of a principal at a time. The secrets are random, so their SHA-256 is enough.
CREATE TABLE client_credential (
  client_id ${text} PRIMARY KEY,
  principal_id ${text} NOT NULL,
  secret_hash ${text} NOT NULL,
  rotation_required ${long} NOT NULL,
  created_at ${long} NOT NULL
) ${options};
CREATE UNIQUE INDEX client_credential_principal ON client_credential (principal_id);

-- What a token is good for, empty for everything; and the token that it was obtained with.
ALTER TABLE token ADD COLUMN scope ${text} NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN parent ${text};
