// Checks what would be published, not what lies in the tree: packs the package, unpacks it beside the
// installed dependencies, lints it, and loads every entry point the way an ESM and a CommonJS user would.
import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { entryPoints } from '../tsup.config.js'

const root = fileURLToPath(new URL('..', import.meta.url))
// Inside node_modules, so that the unpacked package finds its dependencies; ignored by git and by npm.
const folder = `${root}node_modules/.cache/check-package`

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
try {
  run('npm', ['pack', '--silent', '--pack-destination', folder])
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack wrote no tarball')

  run('npx', ['--no-install', 'publint', 'run', '--strict', `${folder}/${tarball}`])
  // `node10` as well, but for the schema, which is no module: TypeScript reads no JSON file through `typesVersions`.
  const attw = ['--no-install', 'attw', '--no-definitely-typed', '--profile', 'strict']
  run('npx', [...attw, '--exclude-entrypoints', 'schema.json', '--', `${folder}/${tarball}`])

  run('tar', ['-xzf', `${folder}/${tarball}`, '-C', folder])
  loadAll(`${folder}/package`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Loads every entry point by its public name, in both module systems, and compares the exported names. */
function loadAll(packed: string): void {
  const { name, bin } = JSON.parse(readFileSync(`${packed}/package.json`, 'utf8')) as {
    name: string
    bin: Record<string, string>
  }
  for (const entryPoint of entryPoints) {
    const specifier = JSON.stringify(name + entryPoint.slice(1))
    const names = `console.log(Object.keys(m).filter((k) => k !== 'default').sort().join())`
    const esm = evaluate('module', `import * as m from ${specifier}; ${names}`, packed)
    const cjs = evaluate('commonjs', `const m = require(${specifier}); ${names}`, packed)
    if (esm !== cjs) throw new Error(`${specifier}: import gives \`${esm}\`, require gives \`${cjs}\``)
  }
  for (const target of Object.values(bin)) {
    const file = `${packed}/${target}`
    accessSync(file, constants.X_OK)
    if (!readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n'))
      throw new Error(`${target}: no shebang`)
    run('node', [file, '--help'], 'ignore')
    // It needs the page, which the build puts beside the code.
    run('node', [file, 'explore', `${packed}/policies/saas/index.ts`], 'ignore')
  }
}

function evaluate(type: 'module' | 'commonjs', code: string, cwd: string): string {
  return execFileSync('node', [`--input-type=${type}`, '--eval', code], { cwd, encoding: 'utf8' }).trim()
}

/** Runs a command; one that fails has said why itself, so only its name is added. */
function run(command: string, args: string[], stdout: 'inherit' | 'ignore' = 'inherit'): void {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', stdout, 'inherit'] })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`\`${[command, ...args].join(' ')}\` failed`)
}
