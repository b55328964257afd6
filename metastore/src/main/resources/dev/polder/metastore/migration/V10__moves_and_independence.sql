-- Moves that go on, each with the job that brings it to its end. A row whose job has ended says nothing; those of before this table
-- had no job, so they are given up.
DROP TABLE tenant_move;
CREATE TABLE tenant_move (
  source_id ${long} NOT NULL,
  tenant ${text} NOT NULL,
  target_id ${long} NOT NULL,
  job_id ${text} NOT NULL,
  phase ${text} NOT NULL,
  started_by ${text},
  started_at ${long} NOT NULL,
  drain_millis ${long} NOT NULL,
  PRIMARY KEY (source_id, tenant)
) ${options};

-- When a database got files of its own alone: what it had been before, in its source, ended with that.
CREATE TABLE independence (
  database_id ${long} PRIMARY KEY,
  source_id ${long} NOT NULL,
  materialized_at ${long} NOT NULL
) ${options};
