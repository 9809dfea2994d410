// The package as a user gets it: packed and unpacked once for a run of tests, with what it depends on beside it. As a
// global setup this makes the place for it, which is gone after the run.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

export const project: string = fileURLToPath(new URL('../..', import.meta.url))

/** The environment reaches every worker of every project. */
const variable = 'CASEMATE_PACKED'

export default function setup(tests: TestProject): () => void {
  const place = (process.env[variable] ??= mkdtempSync(join(tmpdir(), 'casemate-packed-')))
  const empty = (): void => {
    for (const name of existsSync(place) ? readdirSync(place) : [])
      rmSync(join(place, name), { recursive: true, force: true })
  }
  tests.onTestsRerun(empty)
  return () => {
    rmSync(place, { recursive: true, force: true })
  }
}

/** A new folder, empty but for a `package.json`, above which `casemate` is the packed one. Builds if need be. */
export function unpack(): string {
  const place = process.env[variable]
  if (place === undefined) throw new Error('packed.ts is no global setup of this project')
  const packed = join(place, 'packed')
  if (!existsSync(packed)) pack(place, packed)
  const folder = mkdtempSync(join(packed, 'folder-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  return folder
}

/** The packed package that a program in such a folder finds. */
export function packageFor(folder: string): string {
  return join(folder, '../node_modules/casemate')
}

/** Two workers may pack at once: the first that is done is taken. */
function pack(place: string, packed: string): void {
  if (!existsSync(join(project, 'dist/cli/main.js'))) npm('run', '--silent', 'build', '--', '--silent')
  const folder = mkdtempSync(join(place, 'packing-'))
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(project, 'node_modules')))
    if (!name.startsWith('.') && name !== 'casemate')
      symlinkSync(join(project, 'node_modules', name), join(modules, name))
  npm('pack', '--silent', '--ignore-scripts', '--pack-destination', folder)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack wrote no tarball')
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder])
  renameSync(join(folder, 'package'), join(modules, 'casemate'))
  try {
    renameSync(folder, packed)
  } catch (error) {
    if (!existsSync(packed)) throw error
  }
}

function npm(...args: string[]): void {
  execFileSync('npm', args, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
}
