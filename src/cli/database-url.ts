// The address of a database has a password in it. It is read from where a password may stand, and shown to nobody: not in
// a message, and not in the list of processes.
import { CasemateError } from '../errors.js'
import { readTextFile } from '../node/read-text.js'

/** Where the address stands. */
export interface DatabaseOptions {
  /** Itself; `true` for the environment. */
  readonly database?: string | true
  /** A file that has it. */
  readonly databaseFile?: string
}

const longestFile = 64 * 1024

/** @throws CasemateError `invalid_settings` where there is none. The message does not show it. */
export async function readDatabaseUrl({ database, databaseFile }: DatabaseOptions): Promise<string> {
  if (databaseFile !== undefined) return addressIn(await readFile(databaseFile), '--database-file')
  if (database === true) return addressIn(process.env['DATABASE_URL'] ?? '', 'DATABASE_URL')
  const url = addressIn(database ?? '', '--database')
  // Everybody on the machine can list the arguments of a process.
  if (URL.canParse(url) && new URL(url).password !== '') process.title = 'casemate'
  return url
}

async function readFile(path: string): Promise<string> {
  const file = await readTextFile(path, { maxBytes: longestFile })
  if (!file.ok) throw faultOf('--database-file', `${path}: ${file.message}`)
  return file.text.trim()
}

function addressIn(text: string, where: string): string {
  if (/^postgres(?:ql)?:\/\/\S+$/.test(text)) return text
  throw faultOf(
    where,
    `expected an address as postgres://USER@HOST/NAME${text === '' ? ', and it is empty' : ''}`
  )
}

function faultOf(where: string, message: string): CasemateError {
  return new CasemateError('invalid_settings', `${where}: ${message}`, { path: where })
}
