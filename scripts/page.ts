// Builds the explorer's pages: the scripts and the style sheet that `casemate explore` puts into the files that it writes,
// and into what it serves.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

import type { BuiltFiles } from '../src/cli/explore/page-files.js'

const sources = fileURLToPath(new URL('../src/', import.meta.url))

/** What pages are made of: the name of each file in `dist/explore`, and its source. */
const parts = {
  'page.js': 'explore/page/main.tsx',
  'page.css': 'explore/page/style.css',
  'live.js': 'cli/explore/page/live.ts',
  'edit.js': 'cli/explore/page/edit.tsx',
  'edit.css': 'cli/explore/page/edit.css'
} as const

/** What runs beside a page. */
const workers = { 'worker.js': 'cli/explore/page/worker.ts' } as const

/** What runs where a page is made. */
const makers = { 'first-view.js': 'explore/page/first-view.tsx' } as const

/** Every file, built from its sources, by its name. */
export async function buildFiles(): Promise<BuiltFiles> {
  // Of a package that has a build for pages and another for workers, each gets its own.
  return {
    ...(await bundle(parts)),
    ...(await bundle(workers, { conditions: ['worker'] })),
    ...(await bundle(makers, { format: 'esm' }))
  }
}

async function bundle<Name extends string>(
  entries: Readonly<Record<Name, string>>,
  settings: Pick<BuildOptions, 'conditions' | 'format'> = {}
): Promise<Record<Name, string>> {
  const made = Object.entries<string>(entries).map(async ([name, source]): Promise<[string, string]> => {
    const { outputFiles } = await build({
      entryPoints: [join(sources, source)],
      bundle: true,
      minify: true,
      format: 'iife',
      target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      tsconfigRaw: '{}',
      legalComments: 'none',
      charset: 'ascii',
      write: false,
      ...settings
    })
    return [name, outputFiles[0]?.text.trim() ?? '']
  })
  return Object.fromEntries(await Promise.all(made)) as Record<Name, string>
}

/** Writes the files into a folder; a reader sees an old file or a new one. */
export async function writePages(to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const [name, text] of Object.entries(await buildFiles())) {
    const temporary = join(to, `${name}.${process.pid}.tmp`)
    await writeFile(temporary, text)
    await rename(temporary, join(to, name))
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await writePages(fileURLToPath(new URL('../dist/explore', import.meta.url)))
