// The package as a user gets it: packed, and unpacked into an empty folder with what it depends on beside it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const project: string = fileURLToPath(new URL('../..', import.meta.url))

/** A new folder with `node_modules`, in which `casemate` is the packed one; whoever asks removes it. Builds if need be. */
export function unpack(): string {
  if (!existsSync(join(project, 'dist/cli/main.js'))) npm('run', '--silent', 'build', '--', '--silent')
  const folder = mkdtempSync(join(tmpdir(), 'casemate-packed-'))
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(project, 'node_modules')))
    if (!name.startsWith('.') && name !== 'casemate')
      symlinkSync(join(project, 'node_modules', name), join(modules, name))
  npm('pack', '--silent', '--ignore-scripts', '--pack-destination', folder)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack wrote no tarball')
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder])
  execFileSync('mv', [join(folder, 'package'), join(modules, 'casemate')])
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  return folder
}

function npm(...args: string[]): void {
  execFileSync('npm', args, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
}
