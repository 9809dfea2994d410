// Quotes names and texts for SQLite.
import { CasemateError } from '../../errors.js'
import { hasUnseen, replaceUnseen } from '../../output/visible.js'
import { quoteValue } from '../../problems/quote.js'

/** The words that SQLite does not take for a name without quotes, or not everywhere; and the names of its constants. */
const words = `
abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade case cast
check collate column commit conflict constraint create cross current current_date current_time current_timestamp database
default deferrable deferred delete desc detach distinct do drop each else end escape except exclude exclusive exists
explain fail false filter first following for foreign from full generated glob group groups having if ignore immediate in
index indexed initially inner insert instead intersect into is isnull join key last left like limit match materialized
natural no not nothing notnull null nulls of offset on or order others outer over partition plan pragma preceding primary
query raise range recursive references regexp reindex release rename replace restrict returning right rollback row rows
savepoint select set table temp temporary then ties to transaction trigger true unbounded union unique update using vacuum
values view virtual when where window with within without`

/**
 * An identifier. Between backticks where it needs quotes: SQLite takes a name in double quotes that it does not know for a
 * text, so that a wrong name would be no error.
 *
 * @throws CasemateError for a name that SQLite cannot hold, or that has invisible characters.
 */
export function quoteName(name: string): string {
  const why = /[\0\p{Cs}]/u.test(name)
    ? 'null character or broken text in an SQL name'
    : hasUnseen(name)
      ? 'control or invisible characters in an SQL name'
      : name === ''
        ? 'empty SQL name'
        : undefined
  if (why !== undefined)
    throw new CasemateError('not_expressible', `${why}: ${quoteValue(name)}`, { value: name })
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !words.split(/\s/).includes(name)) return name
  return `\`${name.replaceAll('`', '``')}\``
}

/** A text as a literal; invisible characters by their numbers. It must be one that a column can hold. */
export function quoteText(text: string): string {
  const quoted = text.replaceAll("'", "''")
  const escaped = replaceUnseen(quoted, (character) => `'||char(${character.codePointAt(0) ?? 0})||'`)
  return escaped === quoted ? `'${quoted}'` : `('${escaped}')`
}
