// What is used of `pg`, by its form: so that the package runs without it, and takes what behaves like it. Types only.

/** What runs a statement of a transaction: a client of `pg`, or anything of that form. */
export interface PgQueryable {
  /** Runs one statement with its values. */
  query(text: string, values?: unknown[]): Promise<PgAnswer>
}

/** What a statement gives. */
export interface PgAnswer {
  /** The rows, by column. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** The columns. */
  readonly fields: readonly { readonly dataTypeID: number }[]
}

/** A pooled connection of `pg`. */
export interface PgClient extends PgQueryable {
  /** Gives it back, or with `true` closes it. */
  release(isBroken?: boolean): void
  /** Reports what happens to the connection. */
  on(event: 'notification' | 'error' | 'end', listener: (what?: unknown) => void): unknown
  /** Ends such a report. */
  removeListener(event: 'error', listener: (what?: unknown) => void): unknown
}

/**
 * A pool of `pg`. Give it `connectionTimeoutMillis`: without that, connections that a network swallows take the places of
 * others for as long as the operating system waits.
 */
export interface PgPool {
  /** A connection of its own. */
  connect(): Promise<PgClient>
}
