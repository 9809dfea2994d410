// `casemate check`: validates a policy file and prints a summary of it.
import { count } from '../../output/words.js'
import { Command, Option } from 'commander'
import type { Policy } from '../../policy/types/index.js'
import { PolicyError } from '../../errors.js'
import { problemsToGithub, problemsToSarif } from '../report/problems.js'
import { collectOption, exitInvalid, loadCompiled, print, printJson, write } from '../io.js'

interface CheckOptions {
  readonly option?: ReadonlyMap<string, string>
  readonly json?: boolean
  readonly sarif?: boolean
  readonly github?: boolean
}

export function checkCommand(): Command {
  return new Command('check')
    .description('validate and compile a policy, and print what is in it')
    .argument('<policy>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--json', 'print the summary, or the problems, as JSON')
    .addOption(new Option('--sarif', 'print the problems as SARIF 2.1.0').conflicts('json'))
    .addOption(
      new Option('--github', 'print the problems as annotations of GitHub workflows').conflicts([
        'json',
        'sarif'
      ])
    )
    .addHelpText(
      'after',
      `
Example:
  $ casemate check policies/coder/index.ts

A problem of a .json or .yaml file is at FILE:LINE:COLUMN; what is missing is at what it is missing from. Of a policy that
is code, the file and the path are known.

Exit status: 2 if the file is no policy; every problem is on standard error, or under --json in
{"ok":false,"problems":[…]} on standard output.`
    )
    .action(async (path: string, options: CheckOptions, command: Command) => {
      const problems = await check(path, options)
      if (options.sarif === true) printJson(problemsToSarif(problems, path, command.parent?.version()))
      if (problems.length === 0) return
      process.exitCode = exitInvalid
      if (options.json === true) printJson({ ok: false, problems })
      else if (options.github === true) write(`${problemsToGithub(problems, path)}\n`)
      else if (options.sarif !== true) throw new PolicyError(problems)
    })
}

/** Prints what is in a policy; the problems where it is none. */
async function check(path: string, { option, json, sarif }: CheckOptions): Promise<PolicyError['problems']> {
  try {
    const summary = summarize(await loadCompiled(path, option))
    if (json === true) printJson({ ok: true, ...summary })
    else if (sarif !== true) print(...summaryLines(path, summary))
    return []
  } catch (error) {
    if (error instanceof PolicyError) return error.problems
    throw error
  }
}

interface Summary {
  readonly name: string
  readonly resources: number
  readonly permissions: number
  readonly siteRoles: number
  readonly orgRoles: number
  /** By container, how many roles are held there; absent for a policy without containers. */
  readonly containerRoles?: Readonly<Record<string, number>>
  readonly systemSubjects: number
  readonly scopes: { readonly declared: number; readonly lowLevel: number; readonly public: number }
  readonly scopeTemplates: number
  readonly invariants: number
  readonly options: Readonly<Record<string, unknown>>
}

function summarize(policy: Policy): Summary {
  const { document } = policy
  const resources = policy.resources.list()
  const roles = policy.roles.list()
  const { containers = [] } = document
  const scopes = policy.scopes.list()
  return {
    name: policy.name,
    resources: resources.length,
    permissions: resources.reduce((sum, { actions }) => sum + actions.length, 0),
    siteRoles: roles.filter(({ kind }) => kind === 'site').length,
    orgRoles: roles.filter(({ kind }) => kind === 'org').length,
    ...(containers.length === 0
      ? {}
      : {
          containerRoles: Object.fromEntries(
            containers.map(({ name }) => [name, roles.filter(({ kind }) => kind === name).length])
          )
        }),
    systemSubjects: Object.keys(document.systemSubjects ?? {}).length,
    scopes: {
      declared: scopes.filter(({ kind }) => kind === 'declared').length,
      lowLevel: scopes.filter(({ kind }) => kind === 'low-level').length,
      public: scopes.filter(({ isPublic }) => isPublic).length
    },
    scopeTemplates: Object.keys(document.scopeTemplates ?? {}).length,
    invariants: document.invariants?.length ?? 0,
    options: policy.options
  }
}

function summaryLines(path: string, summary: Summary): string[] {
  const { scopes, siteRoles, orgRoles, containerRoles = {} } = summary
  const kinds = Object.entries({ site: siteRoles, organization: orgRoles, ...containerRoles })
  const roles = kinds.reduce((sum, [, held]) => sum + held, 0)
  const options = Object.entries(summary.options).map(([name, value]) => `${name}=${String(value)}`)
  return [
    `${path} is a policy: ${summary.name}`,
    `  ${count(summary.resources, 'resource')}, ${count(summary.permissions, 'permission')}`,
    `  ${count(roles, 'role')} (${kinds.map(([kind, held]) => `${held} ${kind}`).join(', ')}), ${count(summary.systemSubjects, 'system subject')}`,
    `  ${count(scopes.declared + scopes.lowLevel, 'scope name')} (${scopes.declared} declared, ${scopes.lowLevel} low-level; ${scopes.public} public), ${count(summary.scopeTemplates, 'scope template')}`,
    `  ${count(summary.invariants, 'invariant')}`,
    ...(options.length === 0 ? [] : [`  options: ${options.join(', ')}`])
  ]
}
