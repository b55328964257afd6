-- Other servers that this one mirrors databases of. The token is encrypted with the server's key.
CREATE TABLE cluster_ (
  name ${text} PRIMARY KEY,
  url ${text} NOT NULL,
  token ${text} NOT NULL,
  created_by ${text},
  created_at ${long} NOT NULL
) ${options};

-- Databases that follow another one, here (source_id) or at a cluster. Whoever applies a commit compares and swaps epoch and
-- last_applied; a promotion moves the epoch. holder may apply what comes from a cluster until held_until.
CREATE TABLE mirror (
  database_id ${long} PRIMARY KEY,
  cluster ${text},
  source_id ${long},
  source_name ${text} NOT NULL,
  mode ${text} NOT NULL,
  sync_timeout ${long} NOT NULL,
  on_timeout ${text} NOT NULL,
  state ${text} NOT NULL,
  root ${text} NOT NULL,
  epoch ${long} NOT NULL,
  last_applied ${long} NOT NULL,
  source_seq ${long} NOT NULL,
  contact_at ${long} NOT NULL,
  current_at ${long} NOT NULL,
  applied_at ${long} NOT NULL,
  access_epoch ${long} NOT NULL,
  bytes_done ${long} NOT NULL,
  bytes_total ${long} NOT NULL,
  lease ${text},
  error ${text},
  holder ${text},
  held_until ${long} NOT NULL,
  source_identity ${text},
  created_at ${long} NOT NULL
) ${options};
CREATE INDEX mirror_source ON mirror (source_id) WHERE source_id IS NOT NULL;
