// Creates and drops the type. Both may run inside a transaction, and more than once. `type` is already quoted.
import { quoteBody, quoteLabel, quoteLiteral } from '../../sql/dialect/postgres-quote.js'

/** A type's names: as it is written in SQL, and as the catalogue of the database has them. */
export interface TypeNames {
  readonly type: string
  readonly name: string
  /** By default the schema in which PostgreSQL creates things. */
  readonly schema?: string | undefined
}

/**
 * Creates the type; an enum of this name that is there is left as it is, with a notice, as `IF NOT EXISTS` does.
 * Anything else of this name makes PostgreSQL fail.
 */
export function createType({ type, name, schema }: TypeNames, values: readonly string[]): string {
  const labels = values.map((value) => `\n  ${quoteLabel(value)}`).join(',')
  const place = schema === undefined ? 'current_schema()' : quoteLiteral(schema)
  return `DO ${quoteBody(`BEGIN
IF NOT EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typname = ${quoteLiteral(name)} AND n.nspname = ${place} AND t.typtype = 'e') THEN
CREATE TYPE ${type} AS ENUM (${labels}
);
ELSE
  RAISE NOTICE 'type % already exists, skipping', ${quoteLiteral(type)};
END IF;
END`)};`
}

/** Fails, and changes nothing, while a table uses the type. */
export function dropType(type: string): string {
  return `DROP TYPE IF EXISTS ${type};`
}
