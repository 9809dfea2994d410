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

-- Who an agent is. What it may do follows from its workspace, as that is now.
CREATE TABLE agent_tokens (
  id text PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agents,
  secret_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL
);

-- Sessions and tokens of users are keys of casemate_keys. Theirs name scopes of the policy and objects: a limit that is
-- left out is no way to all of an account's power.
CREATE FUNCTION are_scopes(scopes jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path FROM CURRENT
  RETURN (SELECT coalesce(bool_and(s.scope::api_key_scope IS NOT NULL), true)
    FROM jsonb_array_elements_text(scopes) AS s (scope));
ALTER TABLE casemate_keys
  ADD CONSTRAINT keys_of_users FOREIGN KEY (user_id) REFERENCES users,
  ADD CONSTRAINT keys_with_scopes CHECK (jsonb_typeof(scopes) = 'array' AND are_scopes(scopes)),
  ADD CONSTRAINT keys_with_an_allow_list CHECK (jsonb_typeof(allow_list) = 'array');

-- What is known here of such a key besides. A session's end moves with its use; that of a token does not.
CREATE TABLE user_keys (
  id text PRIMARY KEY REFERENCES casemate_keys,
  user_id uuid NOT NULL REFERENCES users,
  token_name text NOT NULL DEFAULT '',
  login_type text NOT NULL CHECK (login_type IN ('password', 'github', 'oidc', 'token')),
  lifetime_seconds bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX user_keys_of_user ON user_keys (user_id);
CREATE UNIQUE INDEX user_keys_token_name ON user_keys (user_id, token_name) WHERE token_name <> '';

-- When a key ends: when it says, when it was ended, or when one does by which it was made.
CREATE FUNCTION end_of_key(key_id text) RETURNS timestamptz LANGUAGE sql STABLE SET search_path FROM CURRENT
  RETURN (
    WITH RECURSIVE chain AS (
      SELECT k.* FROM casemate_keys AS k WHERE k.id = $1
      UNION
      SELECT k.* FROM casemate_keys AS k JOIN chain ON k.id = chain.minted_by
    )
    SELECT min(least(expires_at, coalesce(last_used_at, created_at) + idle, revoked_at)) FROM chain
  );

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
