// A MariaDB server of the tests' own, where Debian's (or another) is installed, or the MySQL whose `mysqld` CASEMATE_MYSQL
// names: on a free loopback port, with a new data folder and nobody else's databases. It leaves nothing behind.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import mysql, { type Connection, type Pool, type RowDataPacket } from 'mysql2/promise'

const run = promisify(execFile)
const user = 'mysql'
const isRoot = process.getuid?.() === 0

export interface MariaServer {
  readonly port: number
  stop(): Promise<void>
}

/** The folders of programs, with that of servers, which is on no user's path. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin']

function findProgram(...names: readonly string[]): string | undefined {
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

const { CASEMATE_MARIADB: given, CASEMATE_MYSQL: ofMysql } = process.env
/** Whether MySQL is asked: it lacks some of MariaDB's types and settings. */
export const isMysql = ofMysql !== undefined

const server = ofMysql ?? findProgram('mariadbd')
const install = ofMysql ?? findProgram('mariadb-install-db')

/** Why there is no server to ask, as where `CASEMATE_MARIADB` is `none`; `undefined` where there is one. */
export const missing =
  given === 'none'
    ? 'CASEMATE_MARIADB is none'
    : server === undefined || install === undefined
      ? 'mariadb-server is not installed'
      : undefined

/** How an empty data folder is filled, with a superuser that has no password. */
const installing = isMysql
  ? ['--initialize-insecure']
  : ['--auth-root-authentication-method=normal', '--skip-test-db']

/** Starts a server; its superuser is `root` without a password. */
export async function startMaria(): Promise<MariaServer> {
  if (server === undefined || install === undefined) throw new Error('mariadb-server is not installed')
  const folder = await mkdtemp(join(tmpdir(), 'casemate-maria-'))
  const data = join(folder, 'data')
  await mkdir(data)
  // The server's own user, which is not root, has to pass through.
  await chmod(folder, 0o755)
  if (isRoot) {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, user])).stdout))
    )
    await chown(data, uid ?? 0, gid ?? 0)
  }
  const asUser = ['--no-defaults', `--datadir=${data}`, ...(isRoot ? [`--user=${user}`] : [])]
  await run(install, [...asUser, ...installing])
  const port = await freePort()
  const child = spawn(
    server,
    [
      ...asUser,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(data, 'socket')}`,
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-log-bin',
      ...(isMysql ? ['--mysqlx=OFF', '--secure-file-priv=NULL'] : [])
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] }
  )
  // A run that is broken off leaves no server behind.
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  const messages: string[] = []
  child.stderr.on('data', (message: Buffer) => messages.push(message.toString()))
  const stop = async (): Promise<void> => {
    process.off('exit', end)
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await answering(port, child)
  } catch (error) {
    await stop()
    throw new Error(`The server does not start:\n${messages.join('')}`, { cause: error })
  }
  return { port, stop }
}

/** A connection as the superuser. Integers that a number cannot hold come as texts. */
export function connect(port: number, settings: mysql.ConnectionOptions = {}): Promise<Connection> {
  return mysql.createConnection({
    host: '127.0.0.1',
    port,
    user: 'root',
    supportBigNumbers: true,
    ...settings
  })
}

/** The two protocols: values that the driver writes into the text, and a statement that the server prepares. */
export type How = 'query' | 'execute'

/** The rows of a query. */
export async function ask<Row extends object>(
  client: Connection | Pool,
  how: How,
  text: string,
  values: readonly (string | number | null)[]
): Promise<readonly Row[]> {
  const [rows] =
    how === 'query'
      ? await client.query<(Row & RowDataPacket)[]>(text, [...values])
      : await client.execute<(Row & RowDataPacket)[]>(text, [...values])
  return rows
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const client = await connect(port)
      await client.end()
      return
    } catch (error) {
      if (tries === 600 || child.exitCode !== null) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve()
    })
    child.kill('SIGKILL')
  })
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  const address = listener.address()
  await new Promise((resolve) => listener.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
