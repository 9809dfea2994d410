// Quotes names and values for PostgreSQL. Those that it cannot hold are refused here, so that a migration never fails
// half-way because of a name.
import { quoteValue } from '../../problems/quote.js'
import { CasemateError } from '../../errors.js'
import { commandSign, hasUnseen, replaceUnseen } from '../../output/visible.js'
import { keywords } from './postgres-keywords.js'

/** PostgreSQL cuts longer names silently and refuses longer enum values. */
const mostBytes = 63

/**
 * An identifier, in double quotes only where PostgreSQL needs them.
 *
 * @throws CasemateError for a name that PostgreSQL cannot hold, or that has invisible characters.
 */
export function quoteIdentifier(name: string): string {
  refuseUnstorable(name, 'name')
  if (hasUnseen(name)) throw unstorable('control or invisible characters in an SQL name', name)
  if (name === '') throw unstorable('empty SQL name', name)
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name)) return name
  return `"${name.replaceAll('"', '""')}"`
}

/** An enum value as a literal. @throws CasemateError for one that PostgreSQL cannot hold. */
export function quoteLabel(value: string): string {
  refuseUnstorable(value, 'enum value')
  return quoteLiteral(value)
}

/**
 * A literal that means the same with and without `standard_conforming_strings`. Invisible characters are escaped.
 */
export function quoteLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''")
  const escaped = replaceUnseen(quoted.replaceAll('\\', '\\\\'), (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16)
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
  }).replace(commandSign, '\\u0023')
  return escaped === quoted ? `'${quoted}'` : `E'${escaped}'`
}

/** A body between dollar quotes that nothing in it can end. */
export function quoteBody(body: string): string {
  let tag = '$casemate$'
  for (let number = 1; body.includes(tag); number++) tag = `$casemate${number}$`
  return `${tag}\n${body}\n${tag}`
}

function refuseUnstorable(text: string, what: string): void {
  if (/[\0\p{Cs}]/u.test(text)) throw unstorable(`null character or broken text in an SQL ${what}`, text)
  const bytes = new TextEncoder().encode(text).length
  if (bytes > mostBytes) throw unstorable(`an SQL ${what} of ${bytes} bytes, more than ${mostBytes}`, text)
}

function unstorable(why: string, value: string): CasemateError {
  return new CasemateError('not_expressible', `${why}: ${quoteValue(value)}`, { value })
}
