// The functions through which row policies read the facts of a transaction. Every one of them has a fixed search path,
// so that nothing that the application can create stands in for a function of PostgreSQL.
import { quoteBody } from '../dialect/postgres-quote.js'

/** The names of the functions with the types of their arguments, to be dropped. */
export const functionNames: readonly string[] = [
  'has_subject(text)',
  'fact(text, integer)',
  'facts()',
  'problems()',
  'set_key(text, bytea)'
]

const fixed = 'SET search_path = pg_catalog, pg_temp'
const refused = "USING ERRCODE = 'insufficient_privilege'"

/** A function of a schema, replaced where it is there. */
export function createFunction(head: string, options: string, body: string): string {
  return `CREATE OR REPLACE FUNCTION ${head} LANGUAGE plpgsql ${options} ${fixed} AS ${quoteBody(body)};`
}

/** The functions that read facts; `schema` and `role` are quoted. */
export function readingFunctions(schema: string, role: string, isSigned: boolean): readonly string[] {
  return [
    ...(isSigned ? keyStatements(schema) : []),
    isSigned ? signedFacts(schema) : plainFacts(schema),
    createFunction(
      `${schema}.has_subject(key text) RETURNS boolean`,
      'STABLE PARALLEL SAFE',
      `BEGIN
  IF jsonb_typeof(${schema}.facts() -> 'facts' -> key) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'casemate: the facts of this transaction are not for this row policy: %', key ${refused},
      HINT = 'They were made for another table, or for another version of the policy; run casemate generate rls.';
  END IF;
  RETURN TRUE;
END`
    ),
    createFunction(
      `${schema}.fact(key text, place integer) RETURNS text`,
      'STABLE PARALLEL SAFE',
      `DECLARE
  given jsonb := ${schema}.facts();
  found jsonb := given -> 'facts' -> key -> place;
BEGIN
  IF found IS NULL THEN
    RAISE EXCEPTION 'casemate: the facts of this transaction are not for this row policy: %', key ${refused};
  END IF;
  RETURN CASE jsonb_typeof(found) WHEN 'number' THEN given -> 'texts' ->> found::integer ELSE found #>> '{}' END;
END`
    ),
    ...['facts()', 'has_subject(text)', 'fact(text, integer)'].flatMap((name) => [
      `REVOKE ALL ON FUNCTION ${schema}.${name} FROM PUBLIC;`,
      `GRANT EXECUTE ON FUNCTION ${schema}.${name} TO ${role};`
    ]),
    `GRANT USAGE ON SCHEMA ${schema} TO ${role};`
  ]
}

/** Of a connection that has set it before, the setting is empty and not NULL. */
const readSetting = `  IF given IS NULL OR given = '' THEN
    RAISE EXCEPTION 'casemate: this transaction has no subject' ${refused},
      HINT = 'Run the statement of enter() first in the transaction.';
  END IF;`

function plainFacts(schema: string): string {
  return createFunction(
    `${schema}.facts() RETURNS jsonb`,
    'STABLE PARALLEL SAFE SECURITY INVOKER',
    `DECLARE
  given text := current_setting('casemate.facts', TRUE);
BEGIN
${readSetting}
  -- Without a handler of exceptions, which a parallel worker may not have.
  IF left(given, 1) <> '{' THEN
    RAISE EXCEPTION 'casemate: the subject of this transaction cannot be read' ${refused},
      HINT = 'Signed facts need row policies that were generated with signed.';
  END IF;
  RETURN given::jsonb;
END`
  )
}

// --- signed facts ---------------------------------------------------------------------------------------------------

/** The pads of HMAC are made when a key is set, so that each check is two hashes. */
function keyStatements(schema: string): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${schema}.keys (name text PRIMARY KEY, inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);`,
    `REVOKE ALL ON ${schema}.keys FROM PUBLIC;`,
    createFunction(
      `${schema}.set_key(key_name text, key bytea) RETURNS void`,
      'VOLATILE SECURITY INVOKER',
      `DECLARE
  padded bytea := CASE WHEN length(key) > 64 THEN sha256(key) ELSE key END;
  inside bytea;
  outside bytea;
BEGIN
  IF length(key) < 32 THEN
    RAISE EXCEPTION 'casemate: a key has at least 32 bytes';
  END IF;
  padded := padded || decode(repeat('00', 64 - length(padded)), 'hex');
  inside := padded;
  outside := padded;
  FOR n IN 0..63 LOOP
    inside := set_byte(inside, n, get_byte(padded, n) # 54);
    outside := set_byte(outside, n, get_byte(padded, n) # 92);
  END LOOP;
  INSERT INTO ${schema}.keys VALUES (key_name, inside, outside)
    ON CONFLICT (name) DO UPDATE SET inner_pad = inside, outer_pad = outside;
END`
    ),
    `REVOKE ALL ON FUNCTION ${schema}.set_key(text, bytea) FROM PUBLIC;`
  ]
}

/** As its owner, who alone reads the keys. A second hash keeps the time of the comparison from saying how far it came. */
function signedFacts(schema: string): string {
  return createFunction(
    `${schema}.facts() RETURNS jsonb`,
    'STABLE PARALLEL SAFE SECURITY DEFINER',
    `DECLARE
  given text := current_setting('casemate.facts', TRUE);
  signature bytea;
  message bytea;
  found jsonb;
BEGIN
${readSetting}
  IF given !~ '^[0-9a-f]{64}[.]' THEN
    RAISE EXCEPTION 'casemate: the subject of this transaction is not signed' ${refused};
  END IF;
  signature := sha256(decode(left(given, 64), 'hex'));
  message := convert_to(substr(given, 66), 'UTF8');
  IF NOT EXISTS (
    SELECT FROM ${schema}.keys AS k
      WHERE sha256(sha256(k.outer_pad || sha256(k.inner_pad || message))) = signature
  ) THEN
    RAISE EXCEPTION 'casemate: the subject of this transaction is not signed' ${refused};
  END IF;
  found := substr(given, 66)::jsonb;
  IF (found ->> 'until')::float8 < extract(epoch FROM clock_timestamp()) THEN
    RAISE EXCEPTION 'casemate: the subject of this transaction has expired' ${refused};
  END IF;
  RETURN found;
END`
  )
}
