-- The role of the service: it owns nothing, and row policies count for it.

DO $$
BEGIN
  -- On a server that others reach, another password.
  CREATE ROLE platform_app LOGIN PASSWORD 'platform_app';
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$$;

GRANT SELECT, INSERT, UPDATE ON users, user_links, git_ssh_keys, organizations TO platform_app;
GRANT SELECT ON workspace_parameters TO platform_app;
-- A row that is locked until the transaction ends is one that could be changed.
GRANT SELECT, UPDATE (id) ON workspaces, agents TO platform_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_keys, casemate_assignments TO platform_app;
GRANT SELECT ON agent_tokens TO platform_app;
GRANT DELETE ON user_links, git_ssh_keys TO platform_app;
GRANT SELECT, INSERT, UPDATE ON casemate_revision, casemate_roles, casemate_keys TO platform_app;
GRANT SELECT, INSERT, DELETE ON boundary_logs TO platform_app;
GRANT INSERT ON casemate_records TO platform_app;
