-- The role of the service: it owns nothing, and row policies count for it. May be run again.

DO $$
BEGIN
  -- On a server that others reach, another password.
  CREATE ROLE boundary_logs_app LOGIN PASSWORD 'boundary_logs_app';
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$$;

GRANT SELECT ON users, organizations, user_roles TO boundary_logs_app;
-- A row that is locked until the transaction ends is one that could be changed.
GRANT SELECT, UPDATE (id) ON workspaces, agents TO boundary_logs_app;
GRANT SELECT, INSERT ON tokens TO boundary_logs_app;
GRANT SELECT, INSERT, DELETE ON boundary_logs TO boundary_logs_app;
