// Finds the files of statements for a command: those that are named, or else those in the folder of the policy. A named
// file without statements is a problem; one that was only found is left out.
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Command } from 'commander'
import type { SuiteFile } from '../../verify/index.js'
import { readFileOrFail } from '../deliver.js'

/** Endings of the files that are found by themselves. A `.json` file may be a policy, so it has to be named. */
const soughtEnding = /\.(?:md|markdown|ndjson|jsonl)$/i

/** Reads the files that are named, each once, or those beside the policy in the order of their names. */
export async function findFiles(
  command: Command,
  policy: string,
  named: readonly string[]
): Promise<readonly SuiteFile[]> {
  const isOptional = named.length === 0
  const paths = isOptional ? await besides(policy) : [...new Set(named)]
  const files: SuiteFile[] = []
  for (const name of paths) {
    const text = await readFileOrFail(command, name)
    files.push({ name, text: text.replace(/^\uFEFF/, ''), isOptional })
  }
  return files
}

async function besides(policy: string): Promise<string[]> {
  const folder = dirname(policy)
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter(
      (entry) => !entry.isDirectory() && soughtEnding.test(entry.name) && entry.name !== basename(policy)
    )
    .map(({ name }) => join(folder, name))
    .sort()
}
