// `casemate diff`: who gains and who loses what between two policies, each a file or one at a git revision.
import { extname } from 'node:path'
import { Command, Option } from 'commander'
import { describeNewAccess, diffPolicies, diffToJson, diffToMarkdown, printDiff } from '../../diff/index.js'
import { collectOption, exitNo, hasColour, printText, tell, write } from '../io.js'
import { startProgress } from '../progress.js'
import { loadDocument } from '../named-document.js'
import { compileUnder, fixedOptions } from '../under-options.js'
import { isData, readRevision } from '../../node/revision.js'

interface DiffOptions {
  readonly option?: ReadonlyMap<string, string>
  readonly renamed?: ReadonlyMap<string, string>
  /** Commander's name for `--no-code`: false where it is given. */
  readonly code: boolean
  /** Likewise for `--no-new-access`. */
  readonly newAccess: boolean
  readonly json?: boolean
  readonly markdown?: boolean
}

export function diffCommand(): Command {
  return new Command('diff')
    .description('say who gains and who loses what between two policies, each with a request that shows it')
    .argument('<old>', 'the policy before: a file, or REV:PATH at a git revision')
    .argument('<new>', 'the policy after, likewise')
    .option('--option <name=value>', 'compare under this deployment option alone; repeatable', collectOption)
    .option(
      '--renamed <old=new>',
      'compare a role, a scope or system:NAME of the old policy as one of the new; repeatable',
      collectOption
    )
    .option('--no-code', 'accept JSON and YAML only, and run nothing that either policy brings')
    .option('--no-new-access', 'fail where anything lets anybody reach more, and name it')
    .option('--json', 'print the difference as JSON')
    .addOption(new Option('--markdown', 'print it as Markdown for a pull request').conflicts('json'))
    .addHelpText(
      'after',
      `
REV:PATH is always the revision, also where there is a file of that name: the file is then ./REV:PATH. A path is that
from the root of the repository; ./PATH is from the current folder. A symbolic link is not followed out of the
repository, nor at a revision.

A .ts or .js policy is code and is run. For a branch that you do not trust, keep the policy as JSON or YAML and say
--no-code: then nothing is run and nothing is checked out.

A name that is gone and one that is new count as renamed where their grants are the same; --renamed says so of others.

New access is whatever lets anybody reach more: a permission; a role that may now be assigned, or that a role or a
service may now assign; a weaker or another permission that assigning asks for; objects that may now be outside of an
organization or container or in one; a container that is new or gone; an attribute's new value or default; an ACL that
they may now have, or that holds or beats more; an action that implies more; a scope that users may now request, that
is now the default or that lets more through; another name for a scope; a service; a deny or a setting that is gone.

Example:
  $ casemate diff main:policies/coder/index.ts policies/coder/index.ts --no-new-access

Exit status: 1 if there is new access and --no-new-access is given; 2 if a policy or the command is wrong, or if there is
more to compare than is done in bounded time and memory.`
    )
    .action(async (before: string, after: string, options: DiffOptions, command: Command) => {
      if (!options.code) refuseCode(command, [before, after])
      const [old, current] = [await loadDocument(before), await loadDocument(after)]
      const fixed = fixedOptions([old, current], options.option)
      const policies = [compileUnder(old, fixed), compileUnder(current, fixed)] as const
      const progress = startProgress('comparing permissions')
      const diff = diffPolicies(...policies, {
        options: fixed,
        renamed: Object.fromEntries(options.renamed ?? []),
        onProgress: progress.report
      })
      progress.end()
      if (options.json === true) write(`${diffToJson(diff)}\n`)
      else if (options.markdown === true) write(diffToMarkdown(diff))
      else printText(printDiff(diff, { colour: hasColour() }))
      if (!options.newAccess) refuseNewAccess(describeNewAccess(diff))
    })
}

/** The most sentences about new access on standard error; the difference itself has all of them. */
const mostReasons = 20

function refuseNewAccess(reasons: readonly string[]): void {
  if (reasons.length === 0) return
  const lines = reasons.slice(0, mostReasons).map((reason) => `new access: ${reason}`)
  const more = reasons.length - lines.length
  tell([...lines, ...(more > 0 ? [`and ${more} more`] : [])])
  process.exitCode = exitNo
}

/** Called before anything is read, because running a policy file could do anything. */
function refuseCode(command: Command, given: readonly string[]): void {
  for (const text of given) {
    const path = readRevision(text)?.path ?? text
    if (!isData(path))
      command.error(
        `error: ${text}: --no-code takes .json, .yaml and .yml, not ${extname(path) === '' ? 'this' : extname(path)}`
      )
  }
}
