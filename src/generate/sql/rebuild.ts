// Removes values from the type, for which PostgreSQL has to build the type anew. The statement fails while a stored key
// uses one of the values. It finds every column of the type by itself and loses no key: if something cannot be carried
// over (for example a view on such a column), PostgreSQL fails the whole statement.
import { quoteBody, quoteLabel } from '../../sql/dialect/postgres-quote.js'
import { regtype } from './rename.js'

/**
 * Takes `removed` out of the type and puts `added` at its end; values that neither list names stay. One statement, so
 * all or nothing, inside a transaction or not; a second run finds nothing to do. `type` is quoted.
 */
export function rebuildType(type: string, removed: readonly string[], added: readonly string[]): string {
  return `DO ${quoteBody(`DECLARE
  removed CONSTANT text[] := ${textArray(removed)};
  added CONSTANT text[] := ${textArray(added)};
  old_type CONSTANT regtype := ${regtype(type)};
${procedure}`)};`
}

function textArray(values: readonly string[]): string {
  return values.length === 0
    ? "'{}'"
    : `ARRAY[${values.map((value) => `\n    ${quoteLabel(value)}`).join(',')}\n  ]`
}

const procedure = `\
  present CONSTANT text[] := ARRAY(SELECT enumlabel FROM pg_enum WHERE enumtypid = old_type ORDER BY enumsortorder);
  kept CONSTANT text[] := ARRAY(SELECT v FROM unnest(present || added) WITH ORDINALITY AS t (v, place)
    WHERE v <> ALL (removed) GROUP BY v ORDER BY min(place));
  facts RECORD;
  item RECORD;
  keys bigint;
  all_keys bigint := 0;
  uses text := '';
  before_statements text[];
  after_statements text[];
  statement text;
BEGIN
  IF kept <@ present AND present <@ kept THEN RETURN; END IF;
  SELECT t.oid, t.typarray, t.typname, n.nspname, t.typacl, t.typowner, pg_get_userbyid(t.typowner) AS owner,
    obj_description(t.oid, 'pg_type') AS comment, format('%I.%I', n.nspname, t.typname) AS new_name,
    'casemate_' || t.oid AS old_name
    INTO STRICT facts FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = old_type;

  -- No row may hide from the count, and none may come after it.
  PERFORM set_config('row_security', 'off', true);
  FOR item IN
    SELECT a.attrelid::regclass AS table_name, string_agg(CASE a.atttypid WHEN facts.oid
      THEN format('%I::text = ANY ($1)', a.attname) ELSE format('%I::text[] && $1', a.attname) END, ' OR ') AS uses_removed
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.atttypid IN (facts.oid, facts.typarray) AND c.relkind IN ('r', 'p')
      AND a.attinhcount = 0 AND NOT a.attisdropped
    GROUP BY a.attrelid ORDER BY a.attrelid::regclass::text
  LOOP
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', item.table_name);
    EXECUTE format('SELECT count(*) FROM %s WHERE %s', item.table_name, item.uses_removed) INTO keys USING removed;
    IF keys > 0 THEN uses := uses || format(' %s in %s', keys, item.table_name); END IF;
    all_keys := all_keys + keys;
  END LOOP;
  IF all_keys > 0 THEN
    RAISE EXCEPTION 'cannot remove values from %: % stored keys still use them', old_type, all_keys
      USING DETAIL = format('Removed: %s. Keys:%s.', array_to_string(removed, ', '), uses), ERRCODE = '2BP01',
        HINT = 'Revoke these keys, or store them with other scopes, and run this again.';
  END IF;

  -- What names the type in an expression is written down, dropped, and made again from the same words.
  SELECT array_agg(drop_it ORDER BY step DESC), array_agg(make_it ORDER BY step)
    INTO before_statements, after_statements FROM (
      SELECT 1 AS step, format('ALTER TABLE ONLY %s ALTER COLUMN %I DROP DEFAULT', a.attrelid::regclass, a.attname) AS drop_it,
        format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', a.attrelid::regclass, a.attname,
          pg_get_expr(d.adbin, d.adrelid)) AS make_it
        FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE a.atttypid IN (facts.oid, facts.typarray) AND a.attgenerated = ''
      UNION ALL
      SELECT 2, format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
        FROM pg_constraint k
        WHERE k.contype = 'c' AND k.conrelid <> 0 AND k.coninhcount = 0 AND EXISTS (SELECT FROM pg_depend p
          WHERE p.classid = 'pg_constraint'::regclass AND p.objid = k.oid AND p.refclassid = 'pg_type'::regclass
            AND p.refobjid IN (facts.oid, facts.typarray))
      UNION ALL
      SELECT 3, format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE NOT c.relispartition AND EXISTS (SELECT FROM pg_depend p
          WHERE p.classid = 'pg_class'::regclass AND p.objid = i.indexrelid AND p.refclassid = 'pg_type'::regclass
            AND p.refobjid IN (facts.oid, facts.typarray))
    ) AS changes;
  FOREACH statement IN ARRAY coalesce(before_statements, '{}') LOOP EXECUTE statement; END LOOP;

  EXECUTE format('ALTER TYPE %s RENAME TO %I', old_type, facts.old_name);
  EXECUTE format('CREATE TYPE %s AS ENUM (%s)', facts.new_name,
    (SELECT string_agg(quote_literal(v), ', ' ORDER BY place) FROM unnest(kept) WITH ORDINALITY AS t (v, place)));
  EXECUTE format('ALTER TYPE %s OWNER TO %I', facts.new_name, facts.owner);
  EXECUTE format('COMMENT ON TYPE %s IS %L', facts.new_name, facts.comment);
  IF facts.typacl IS NOT NULL THEN
    EXECUTE format('REVOKE ALL ON TYPE %s FROM PUBLIC', facts.new_name);
    FOR item IN SELECT * FROM aclexplode(facts.typacl) WHERE grantee <> facts.typowner LOOP
      EXECUTE format('GRANT USAGE ON TYPE %s TO %s', facts.new_name,
        CASE item.grantee WHEN 0 THEN 'PUBLIC' ELSE item.grantee::regrole::text END
          || CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
  END IF;

  FOR item IN
    SELECT a.attrelid::regclass AS table_name, string_agg(format('ALTER COLUMN %1$I TYPE %2$s%3$s USING %1$I::text%3$s::%2$s%3$s',
      a.attname, facts.new_name, CASE a.atttypid WHEN facts.oid THEN '' ELSE '[]' END), ', ') AS changes
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.atttypid IN (facts.oid, facts.typarray) AND c.relkind IN ('r', 'p')
      AND a.attinhcount = 0 AND NOT a.attisdropped
    GROUP BY a.attrelid
  LOOP
    EXECUTE format('ALTER TABLE %s %s', item.table_name, item.changes);
  END LOOP;
  FOREACH statement IN ARRAY coalesce(after_statements, '{}') LOOP EXECUTE statement; END LOOP;
  EXECUTE format('DROP TYPE %I.%I', facts.nspname, facts.old_name);
END`
