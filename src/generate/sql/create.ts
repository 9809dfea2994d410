// The type from nothing, and back to nothing. Both may run inside a transaction, and twice. `type` is quoted already.
import { quoteBody, quoteLabel, quoteLiteral } from './quote.js'

/** Creates the type; one of this name that is there is left as it is, with a notice, as `IF NOT EXISTS` does. */
export function createType(type: string, values: readonly string[]): string {
  const labels = values.map((value) => `\n  ${quoteLabel(value)}`).join(',')
  return `DO ${quoteBody(`BEGIN
IF to_regtype(${quoteLiteral(type)}) IS NULL THEN
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
