// The service in a process of its own, as `npm run example` starts it, on a database that is there.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { entryPoints } from '../../../../tsup.config.js'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const jiti = join(dirname(createRequire(import.meta.url).resolve('jiti/package.json')), 'lib/jiti-cli.mjs')

/** The package's own names, as tests import them, without a build. */
const alias = Object.fromEntries(
  entryPoints.map((name) => [join('casemate', name), at(`../../../../src/${name}/index.ts`)])
)

export interface Running {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Starts it, and waits until it says its address. */
export async function startProcess(databaseUrl: string): Promise<Running> {
  const child = spawn(process.execPath, [jiti, at('../../src/main.ts')], {
    env: { ...process.env, DATABASE_URL: databaseUrl, PORT: '0', JITI_ALIAS: JSON.stringify(alias) },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve()
    })
  )
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        const [, address] = /^(http:\S+) serves the API/m.exec(said) ?? []
        if (address !== undefined) resolve(address)
      })
    void ended.then(() => {
      reject(new Error(said))
    })
  })
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    }
  }
}
