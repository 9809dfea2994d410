// A database as users name it. Only what this package made is one, and nothing can be read of it from outside. A value
// that is not used has no effects, so that a bundler drops it and the dialect behind it.
import { settingsError } from '../../problems/settings-error.js'
import { isPlainObject } from '../../problems/plain.js'
import { quoteValue } from '../../problems/quote.js'
import type { Dialect } from './dialect.js'

declare const database: unique symbol

/** A database other than PostgreSQL, for the settings of `defineTable`. Frozen, and opaque. */
export interface SqlDialect {
  readonly [database]: true
}

class Handle implements SqlDialect {
  declare readonly [database]: true
  readonly #dialect: Dialect

  constructor(dialect: Dialect) {
    this.#dialect = dialect
    Object.freeze(this)
  }

  static dialectIn(value: unknown): Dialect | undefined {
    return typeof value === 'object' && value !== null && #dialect in value ? value.#dialect : undefined
  }
}

/** A dialect as users name it. */
export function handleOf(dialect: Dialect): SqlDialect {
  return new Handle(dialect)
}

/** What else is known of a table. */
export interface TableSettings {
  /** The database that it is in, as `sqlite`; PostgreSQL if it is not given. */
  readonly dialect?: SqlDialect
}

/** The dialect that settings name. @throws CasemateError `invalid_settings` for what is none. */
export function readDialect(settings: unknown, usual: Dialect): Dialect {
  if (settings === undefined) return usual
  if (!isPlainObject(settings))
    throw settingsError('settings', `expected settings, not ${quoteValue(settings)}`, settings)
  for (const key of Object.keys(settings))
    if (key !== 'dialect') throw settingsError(`settings.${key}`, 'unknown setting', key, 'dialect')
  const given = Object.hasOwn(settings, 'dialect') ? settings['dialect'] : undefined
  if (given === undefined) return usual
  const dialect = Handle.dialectIn(given)
  if (dialect !== undefined) return dialect
  const fault = `expected a database of \`casemate/sql\`, not ${quoteValue(given)}`
  throw settingsError('settings.dialect', fault, given)
}
