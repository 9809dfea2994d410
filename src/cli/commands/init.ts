// `casemate init`: a policy to begin with, its page of matrices and a test. It never writes over a file.
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { deliver } from '../deliver.js'
import { print, printJson } from '../io.js'
import { starterFiles } from '../starter/index.js'
import { policyFormats, type PolicyFormat } from '../starter/policy.js'

interface InitOptions {
  readonly format: PolicyFormat
  readonly json?: boolean
}

export function initCommand(): Command {
  return new Command('init')
    .description('write a small policy to begin with, its matrices and a test')
    .argument('[folder]', 'where to write; made where it is missing', '.')
    .addOption(
      new Option('--format <format>', 'what the policy is written in').choices(policyFormats).default('ts')
    )
    .option('--json', 'print the paths of the files as JSON')
    .addHelpText(
      'after',
      `
Example:
  $ casemate init access
  $ casemate test --policy access/policy.ts

Exit status: 2 if one of the files is already there, and then none is written.`
    )
    .action(async (folder: string, { format, json }: InitOptions, command: Command) => {
      const files = starterFiles(format).map(({ name, text }) => ({ path: join(folder, name), text }))
      const paths = files.map(({ path }) => path)
      const taken: string[] = []
      for (const path of paths) if (await isThere(path)) taken.push(path)
      if (taken.length > 0) command.error(`error: already there, and left as it is: ${taken.join(', ')}`)
      await deliver(command, files, {})
      if (json === true) printJson({ written: paths })
      else print(...nextSteps(paths))
    })
}

/** A link that leads nowhere is there too. */
async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false
  )
}

function nextSteps(paths: readonly string[]): string[] {
  const [policy = '', , test = ''] = paths.map(shellWord)
  return [
    ...paths.map((path) => `wrote ${path}`),
    '',
    'Next:',
    `  npx casemate test --policy ${policy}`,
    `  npx casemate lint ${policy}`,
    `  npx vitest run ${test}`
  ]
}

/** The path as one word of a shell's command line. */
function shellWord(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
