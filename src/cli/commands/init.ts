// `casemate init`: writes a policy to start from, with tests for it. It never overwrites a file.
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { deliver } from '../deliver.js'
import { print, printJson } from '../io.js'
import { readTemplate, starterFiles, templates } from '../starter/index.js'
import { policyFormats, type PolicyFormat } from '../starter/policy.js'

interface InitOptions {
  readonly template: string
  readonly format: PolicyFormat
  readonly json?: boolean
}

export function initCommand(): Command {
  return new Command('init')
    .description('write a policy to begin with, and the statements about it')
    .argument('[folder]', 'where to write; made where it is missing', '.')
    .option('--template <name>', 'which policy: see below', 'minimal')
    .addOption(
      new Option('--format <format>', 'what the minimal policy is written in')
        .choices(policyFormats)
        .default('ts')
    )
    .option('--json', 'print the paths of the files as JSON')
    .addHelpText(
      'after',
      `
Templates:
${Object.entries(templates)
  .map(([name, what]) => `  ${name.padEnd(10)} ${what}`)
  .join('\n')}

Example:
  $ casemate init access
  $ casemate test --policy access/policy.ts

Exit status: 2 if one of the files is already there, and then none is written, or if the command is wrong.`
    )
    .action(async (folder: string, { template: named, format, json }: InitOptions, command: Command) => {
      const template = readTemplate(named)
      if (template !== 'minimal' && format !== 'ts')
        command.error(`error: the template ${template} is TypeScript alone; --format is for minimal`)
      const written = await starterFiles(template, format)
      const files = written.map(({ name, text }) => ({ path: join(folder, name), text }))
      const paths = files.map(({ path }) => path)
      const taken: string[] = []
      for (const path of paths) if (await isThere(path)) taken.push(path)
      if (taken.length > 0) command.error(`error: already there, and left as it is: ${taken.join(', ')}`)
      await deliver(command, files, {})
      if (json === true) printJson({ written: paths })
      else print(...nextSteps(paths))
    })
}

/** Whether something has this path; a broken link counts. */
async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false
  )
}

function nextSteps(paths: readonly string[]): string[] {
  const find = (end: RegExp): string | undefined => paths.filter((path) => end.test(path)).map(shellWord)[0]
  const policy = find(/\bpolicy\.(?:ts|yaml|json)$/) ?? ''
  const test = find(/\bpolicy\.test\.ts$/)
  return [
    ...paths.map((path) => `wrote ${path}`),
    '',
    'Next:',
    `  npx casemate test --policy ${policy}`,
    `  npx casemate lint ${policy}`,
    ...(test === undefined ? [] : [`  npx vitest run ${test}`])
  ]
}

/** The path quoted for a shell, if it needs quotes. */
function shellWord(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
