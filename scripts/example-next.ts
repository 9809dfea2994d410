// The example of Next.js on Next's own server: installs Next and the packed package in an empty folder, lays the files out
// as docs/guide/frameworks.md says, builds them, once for each runtime, and asks. `npm run example:next`; the registry of
// npm has to be there, since Next is no dependency of ours.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'casemate-next-'))
const packages = ['next@16', 'react@19', 'react-dom@19', 'typescript@5.9', '@types/react', '@types/node']

/** Who asks for what, and the status of the answer. */
const questions = [
  ['GET', '/projects', undefined, 401],
  ['GET', '/projects', 'eve', 200],
  ['DELETE', '/projects/p1', 'ada', 204],
  ['DELETE', '/projects/p1', 'eve', 403],
  ['DELETE', '/projects/p2', 'ada', 404],
  ['DELETE', '/projects/p9', 'ada', 404],
  ['DELETE', '/projects/__proto__', 'ada', 404],
  ['DELETE', '/projects/p1', 'mallory', 401],
  ['POST', '/projects', 'ada', 405]
] as const

function write(path: string, text: string): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** A file of the examples, with its imports as Next finds them. */
function example(name: string): string {
  const text = readFileSync(join(root, 'examples', name), 'utf8')
  return text
    .replace("'../policies/saas/index.js'", "'./access/policy'")
    .replaceAll(/(from '\.[^']*)\.js'/g, "$1'")
}

function run(command: string, args: readonly string[], cwd = folder): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: quiet })
}

const quiet = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Asks the server of what was built; the number of answers that were others. */
async function ask(runtime: string): Promise<number> {
  const port = await freePort()
  const next = join(folder, 'node_modules/next/dist/bin/next')
  const args = [next, 'start', '-p', String(port), '-H', '127.0.0.1']
  const server = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: quiet
  })
  const ended = once(server, 'exit')
  try {
    let said = ''
    // Read to its end: a server that nobody listens to may stop.
    await new Promise<void>((resolve) => {
      server.stdout.on('data', (chunk) => {
        if ((said += String(chunk)).includes('Ready')) resolve()
      })
      server.stdout.on('end', resolve)
    })
    let wrong = 0
    for (const [method, path, who, expected] of questions) {
      const headers: Record<string, string> = who === undefined ? {} : { authorization: `Bearer ${who}` }
      const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers })
      console.log(`${runtime}: ${method} ${path} of ${who ?? 'nobody'}: ${status}`)
      if (status === expected) continue
      console.log(`expected ${expected}`)
      wrong++
    }
    return wrong
  } finally {
    server.kill()
    await ended
  }
}

try {
  run('npm', ['pack', '--silent', '--pack-destination', folder], root)
  const [tarball = ''] = readdirSync(folder)
  write('package.json', JSON.stringify({ private: true, type: 'module' }))
  run('npm', [
    'install',
    '--silent',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    join(folder, tarball),
    ...packages
  ])
  run('npx', ['--no-install', 'casemate', 'init', 'access', '--template', 'saas', '--quiet'])
  for (const name of ['shared.ts', 'next-route.ts']) write(name, example(name))
  write('tsconfig.json', JSON.stringify({ compilerOptions: { strict: true } }))
  write(
    'app/layout.tsx',
    "import type { ReactNode } from 'react'\nexport default function Layout({ children }: { children: ReactNode }) {\n  return <html><body>{children}</body></html>\n}\n"
  )
  let wrong = 0
  for (const runtime of ['nodejs', 'edge']) {
    const exported = (name: string, from: string): string =>
      `export { ${name} } from '${from}'\nexport const runtime = '${runtime}'\n`
    write('app/projects/route.ts', exported('GET', '../../next-route'))
    write('app/projects/[id]/route.ts', exported('DELETE', '../../../next-route'))
    run('npx', ['--no-install', 'next', 'build'])
    wrong += await ask(runtime)
  }
  if (wrong > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
