-- The whole schema; may be run again. It needs the type api_key_scope, which casemate generates from the policy.

CREATE TABLE IF NOT EXISTS users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL
);

CREATE TABLE IF NOT EXISTS organizations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL
);

-- Roles held everywhere have no organization.
CREATE TABLE IF NOT EXISTS user_roles (
  user_id uuid NOT NULL REFERENCES users,
  role text NOT NULL,
  org_id uuid REFERENCES organizations
);
CREATE INDEX IF NOT EXISTS user_roles_of_user ON user_roles (user_id);

CREATE TABLE IF NOT EXISTS workspaces (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  org_id uuid NOT NULL REFERENCES organizations,
  owner_id uuid NOT NULL REFERENCES users,
  template_id uuid NOT NULL,
  version_id uuid NOT NULL
);

CREATE TABLE IF NOT EXISTS agents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL REFERENCES workspaces
);

-- A person's token names its scopes. An agent's does not: what it may do follows from its workspace, as that is now.
CREATE TABLE IF NOT EXISTS tokens (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text,
  user_id uuid REFERENCES users,
  agent_id uuid REFERENCES agents,
  scopes api_key_scope[],
  allow_list text[] NOT NULL,
  secret_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT tokens_of_one CHECK (num_nonnulls(user_id, agent_id) = 1),
  CONSTRAINT tokens_with_scopes CHECK ((scopes IS NULL) = (user_id IS NULL))
);

-- `at` is the server's clock: an agent cannot make its logs older or younger than they are.
CREATE TABLE IF NOT EXISTS boundary_logs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid NOT NULL REFERENCES agents,
  owner_id uuid NOT NULL REFERENCES users,
  at timestamptz NOT NULL DEFAULT now(),
  allowed boolean NOT NULL,
  method text NOT NULL,
  url text NOT NULL
);
CREATE INDEX IF NOT EXISTS boundary_logs_by_age ON boundary_logs (at);
