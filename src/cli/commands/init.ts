// `casemate init`: writes a policy to start from, with tests for it and a workflow. It never overwrites a file.
import { join, relative, resolve, sep } from 'node:path'
import { Command, Option } from 'commander'
import { deliver } from '../deliver.js'
import { print, printJson } from '../io.js'
import { canAsk, startAsking, type Question } from '../starter/ask.js'
import { readTemplate, starterFiles, templates } from '../starter/index.js'
import { policyFormats, type PolicyFormat } from '../starter/policy.js'
import { isThere, projectOf, type Project } from '../starter/project.js'
import { moduleKinds, runners, type ModuleKind, type Runner } from '../starter/test.js'
import { workflowPath, workflowText } from '../starter/workflow.js'

interface InitOptions {
  readonly template: string
  readonly format: PolicyFormat
  readonly runner?: Runner
  readonly module?: ModuleKind
  readonly ci: 'github' | 'none'
  readonly yes?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

export function initCommand(): Command {
  return new Command('init')
    .description('write a policy to begin with, the statements about it, a test and a workflow')
    .argument('[folder]', 'where to write; made where it is missing', '.')
    .option('--template <name>', 'which policy: see below', 'minimal')
    .addOption(
      new Option('--format <format>', 'what the minimal policy is written in')
        .choices(policyFormats)
        .default('ts')
    )
    .addOption(
      new Option(
        '--runner <name>',
        "what runs the minimal policy's test; by default what package.json has, or vitest"
      ).choices(runners)
    )
    .addOption(
      new Option('--module <kind>', 'what the test is; by default what package.json says').choices(
        moduleKinds
      )
    )
    .addOption(
      new Option('--ci <name>', 'whose workflow to write at the root of the repository')
        .choices(['github', 'none'])
        .default('github')
    )
    .option('-y, --yes', 'ask nothing, also on a terminal')
    .option('--json', 'print the paths of the files as JSON, and ask nothing')
    .addHelpText(
      'after',
      `
On a terminal it asks for template, format and runner where they are not given.

Templates:
${Object.entries(templates)
  .map(([name, what]) => `  ${name.padEnd(10)} ${what}`)
  .join('\n')}

Example:
  $ casemate init access
  $ casemate test --policy access/policy.ts

Exit status: 2 if one of the files is already there, and then none is written, or if the command is wrong. A workflow that is
there already is left as it is.`
    )
    .action(async (folder: string, given: InitOptions, command: Command) => {
      const project = await projectOf(folder)
      const options = await complete(given, project, command)
      const template = readTemplate(options.template)
      if (template !== 'minimal' && options.format !== 'ts')
        command.error(`error: the template ${template} is TypeScript alone; --format is for minimal`)
      const { format, runner = project.runner, module = project.module } = options
      const written = await starterFiles(template, { format, runner, module })
      const files = written.map(({ name, text }) => ({ path: join(folder, name), text }))
      const taken: string[] = []
      for (const { path } of files) if (await isThere(path)) taken.push(path)
      if (taken.length > 0) command.error(`error: already there, and left as it is: ${taken.join(', ')}`)
      const workflow = options.ci === 'none' ? [] : await workflowOf(project, files)
      const all = [...files, ...workflow]
      await deliver(command, all, {})
      const paths = all.map(({ path }) => path)
      if (options.json === true) printJson({ written: paths })
      else if (options.quiet !== true) print(...nextSteps(paths, runner))
    })
}

/** The options, those that are not given asked for on a terminal. */
async function complete(given: InitOptions, project: Project, command: Command): Promise<InitOptions> {
  if (given.yes === true || given.json === true || given.quiet === true || !canAsk()) return given
  const asked = startAsking()
  const answer = async (name: keyof InitOptions, question: Question): Promise<Record<string, string>> =>
    command.getOptionValueSource(name) === 'cli' ? {} : { [name]: await asked.answer(question) }
  const runnersFirst = [project.runner, ...runners.filter((one) => one !== project.runner)]
  try {
    const chosen = {
      ...given,
      ...(await answer('template', { text: 'Template', choices: Object.keys(templates) }))
    }
    if (chosen.template !== 'minimal') return chosen
    return {
      ...chosen,
      ...(await answer('format', { text: 'Policy in', choices: policyFormats })),
      ...(await answer('runner', { text: 'Test runner', choices: runnersFirst }))
    }
  } finally {
    asked.close()
  }
}

/** The workflow, where there is none yet. */
async function workflowOf(
  { root }: Project,
  files: readonly { readonly path: string }[]
): Promise<{ path: string; text: string }[]> {
  const full = join(root, workflowPath)
  const policy = files.find(({ path }) => isPolicy.test(path))
  if (policy === undefined || (await isThere(full))) return []
  const inside = relative(root, resolve(policy.path)).split(sep).join('/')
  const near = relative(process.cwd(), full)
  return [{ path: near.startsWith('..') ? full : near, text: workflowText(inside) }]
}

const isPolicy = /\bpolicy\.(?:ts|yaml|json)$/

function nextSteps(paths: readonly string[], runner: Runner): string[] {
  const file = paths.find((path) => isPolicy.test(path)) ?? ''
  const policy = shellWord(file)
  const test = paths.find((path) => /\bpolicy\.test\.ts$/.test(path))
  const runs: Readonly<Record<Runner, string>> = {
    vitest: 'npx vitest run',
    jest: 'npx jest',
    node: 'npx tsx --test',
    none: ''
  }
  return [
    ...paths.map((path) => `wrote ${path}`),
    '',
    'Next:',
    `  npx casemate test --policy ${policy}`,
    // What is code is changed in an editor of one's own, and the page follows.
    `  npx casemate explore ${policy} ${file.endsWith('.ts') ? '--watch' : '--edit'}`,
    test === undefined
      ? `  npx casemate matrix --policy ${policy} --format html -o policy.html`
      : `  ${runs[runner]} ${shellWord(test)}`
  ]
}

/** The path quoted for a shell, if it needs quotes. */
function shellWord(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
