// Lines → `COPY … FROM STDIN` on a connection of `pg`. Its `query` takes whatever has a `submit`, and hands it what the
// server says; that is all that a copy needs, so there is no further package.

/** What is used of the wire of `pg` once the server is ready to take rows. */
interface PgCopyWire {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** What a client of `pg` takes as a query of its own kind. */
export interface PgSubmittable {
  /** Begins it, on the wire of a connection. */
  submit(connection: { query(text: string): void }): void
}

/** A pooled connection of `pg`. */
export interface PgCopyClient {
  /** Runs a query of its own kind. */
  query(query: PgSubmittable): unknown
  /** Gives it back, or with `true` closes it. */
  release(isBroken?: boolean): void
  /** Reports that the connection is lost. */
  on(event: 'error', listener: (error: Error) => void): unknown
  /** Ends such a report. */
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** Characters of lines that are sent as one message. */
const chunk = 64 * 1024

/** One COPY: settles when the server has taken all rows, or none. */
export class PgCopy implements PgSubmittable {
  readonly #text: string
  readonly #lines: readonly string[]
  readonly #end: (error?: unknown) => void
  readonly done: Promise<void>

  /** @param text the statement; it copies one column of text. */
  constructor(text: string, lines: readonly string[]) {
    this.#text = text
    this.#lines = lines
    let end: (error?: unknown) => void = () => undefined
    this.done = new Promise((resolve, reject) => {
      end = (error) => {
        if (error === undefined) resolve()
        else
          reject(error instanceof Error ? error : new Error('PostgreSQL refused the batch', { cause: error }))
      }
    })
    this.#end = end
  }

  submit(connection: { query(text: string): void }): void {
    connection.query(this.#text)
  }

  handleCopyInResponse(connection: PgCopyWire): void {
    let waiting = ''
    for (const line of this.#lines) {
      waiting += `${escapeRow(line)}\n`
      if (waiting.length < chunk) continue
      connection.sendCopyFromChunk(Buffer.from(waiting))
      waiting = ''
    }
    if (waiting !== '') connection.sendCopyFromChunk(Buffer.from(waiting))
    connection.endCopyFrom()
  }

  handleCommandComplete(): void {
    // Said by `handleReadyForQuery`, when the connection is free again.
  }

  handleReadyForQuery(): void {
    this.#end()
  }

  handleError(error: unknown): void {
    this.#end(error)
  }
}

/** A row of one column in the text format of COPY. */
function escapeRow(line: string): string {
  return /[\\\t\n\r]/.test(line) ? line.replace(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign) : line
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
