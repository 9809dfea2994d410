-- The tables of the service. They need the type api_key_scope and the tables of roles and assignments, which casemate
-- generates.

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  username text NOT NULL,
  email text NOT NULL,
  name text NOT NULL DEFAULT '',
  login_type text NOT NULL CHECK (login_type IN ('password', 'github', 'oidc', 'token', 'none')),
  password_hash text,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'dormant', 'suspended')),
  is_service_account boolean NOT NULL DEFAULT false,
  has_ai_seat boolean NOT NULL DEFAULT false,
  avatar_url text NOT NULL DEFAULT '',
  appearance jsonb NOT NULL DEFAULT '{}',
  preferences jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT '0001-01-01 00:00:00Z',
  -- Logs name their owner for as long as they are kept, so an account is closed and not taken out.
  deleted_at timestamptz
);
CREATE UNIQUE INDEX users_username ON users (lower(username)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email ON users (lower(email)) WHERE deleted_at IS NULL AND email <> '';

-- Who somebody is at an identity provider, and what it last said of them.
CREATE TABLE user_links (
  provider text NOT NULL CHECK (provider IN ('github', 'oidc')),
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES users,
  claims jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (provider, subject),
  -- Two who sign in with one address at once are not both its user.
  CONSTRAINT one_link_each UNIQUE (user_id, provider)
);

-- The private part is sealed under a key that the database does not have.
CREATE TABLE git_ssh_keys (
  user_id uuid PRIMARY KEY REFERENCES users,
  public_key text NOT NULL,
  private_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE organizations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE,
  display_name text NOT NULL DEFAULT '',
  description text NOT NULL DEFAULT '',
  icon text NOT NULL DEFAULT '',
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX organizations_default ON organizations (is_default) WHERE is_default;

CREATE TABLE workspaces (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  org_id uuid NOT NULL REFERENCES organizations,
  owner_id uuid NOT NULL REFERENCES users,
  template_id uuid NOT NULL,
  version_id uuid NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- What its owner chose when a workspace was built.
CREATE TABLE workspace_parameters (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  name text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (workspace_id, name)
);

CREATE TABLE agents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL REFERENCES workspaces
);

-- Sessions and tokens of users, and tokens of agents. A user's key names its scopes. An agent's does not: what it may do
-- follows from its workspace, as that is now. A session's end moves with its use; that of a token does not.
CREATE TABLE api_keys (
  id text PRIMARY KEY,
  secret_hash bytea NOT NULL,
  user_id uuid REFERENCES users,
  agent_id uuid REFERENCES agents,
  token_name text NOT NULL DEFAULT '',
  login_type text NOT NULL CHECK (login_type IN ('password', 'github', 'oidc', 'token')),
  scopes api_key_scope[],
  allow_list text[] NOT NULL,
  lifetime_seconds bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  last_used timestamptz NOT NULL DEFAULT '0001-01-01 00:00:00Z',
  expires_at timestamptz NOT NULL,
  -- Beyond which no use moves the end: that of the token with which a session was begun.
  ends_at timestamptz,
  CONSTRAINT api_keys_of_one CHECK (num_nonnulls(user_id, agent_id) = 1),
  CONSTRAINT api_keys_with_scopes CHECK ((scopes IS NULL) = (user_id IS NULL))
);
CREATE INDEX api_keys_of_user ON api_keys (user_id);
CREATE UNIQUE INDEX api_keys_token_name ON api_keys (user_id, token_name) WHERE token_name <> '';

-- `at` is the server's clock: an agent cannot make its logs older or younger than they are.
CREATE TABLE boundary_logs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid NOT NULL REFERENCES agents,
  owner_id uuid NOT NULL REFERENCES users,
  at timestamptz NOT NULL DEFAULT now(),
  allowed boolean NOT NULL,
  method text NOT NULL,
  url text NOT NULL
);
CREATE INDEX boundary_logs_by_age ON boundary_logs (at);
