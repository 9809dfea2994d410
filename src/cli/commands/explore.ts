// `casemate explore`: writes a policy as one page that answers questions about it, and loads nothing; or serves the page
// to this machine and keeps it new.
import { basename } from 'node:path'
import { Command } from 'commander'
import { diffPolicies } from '../../diff/index.js'
import {
  exploreData,
  explorePage,
  readLogReport,
  type ExploreData,
  type ExploreProofs
} from '../../explore/index.js'
import { readRevision } from '../../node/revision.js'
import type { Policy } from '../../policy/types/index.js'
import { deliverText } from '../deliver.js'
import { loadDocument } from '../named-document.js'
import { compileUnder, fixedOptions } from '../under-options.js'
import { serveEditing } from '../explore/edit-page.js'
import { readBuilt, readBuiltPage } from '../explore/page-files.js'
import { servePage } from '../explore/watched-page.js'
import { collectOption, loadCompiled, print, printJson } from '../io.js'
import { openLogs, tellDamage } from '../logs.js'
import { readPort } from '../port.js'
import { startProgress } from '../progress.js'
import { findFiles } from '../report/files.js'
import { locateIn } from '../report/locate.js'
import { filesOf, untilInterrupted } from '../watch.js'

interface ExploreOptions {
  readonly option?: ReadonlyMap<string, string> | undefined
  readonly against?: string
  readonly log?: readonly string[]
  readonly output?: string
  readonly json?: boolean
  readonly watch?: boolean
  readonly edit?: boolean
  readonly port?: number
}

export function exploreCommand(): Command {
  return new Command('explore')
    .description('write a policy as one page: matrices, why, who can, compare; it loads nothing')
    .argument('<policy>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option(
      '--against <policy>',
      'an older policy, a file or REV:PATH: the page shows who gains and who loses what'
    )
    .option('--log <log...>', 'logs of casemate/records: the page shows what they used and what was refused')
    .option('-o, --output <file>', 'write to this file instead of standard output')
    .option('--watch', 'serve the page to this machine, and load it anew when a file changes')
    .option('--edit', 'serve the page beside an editor of the document, which saves into its file')
    .option('--port <number>', 'the port of --watch and --edit; by default a free one', readPort)
    .option('--json', 'with -o, print what was written as JSON; with --watch and --edit, the address')
    .addHelpText(
      'after',
      `
The page is one file that works without a network, from a disk or a file share. What it shows is in its address, so that
a link shows the same. It has the whole policy in it, of a log what is counted and one refused question for each
permission, and no secret of yours beside these.

--watch and --edit print an address of 127.0.0.1 with a random part; who does not know it gets nothing. While the policy is
broken, the page stays what it was, with the problems above it.

--edit checks, proves and compares as you type: problems, the statements beside the policy, the difference to what is
saved, to the older policy of --against, and what the logs used. It writes the text as it was typed, comments too, and
only one that compiles. It never writes over a file that somebody else changed meanwhile. A policy in TypeScript or
JavaScript is shown, and changed in your own editor.

Examples:
  $ casemate explore policies/coder/index.ts -o explore.html
  $ casemate explore policy.yaml --against old.yaml --log decisions.ndjson -o explore.html
  $ casemate explore policy.yaml --watch
  $ casemate explore policy.yaml --edit

Exit status: 2 if a line of a log could not be used, or if a policy or the command is wrong.`
    )
    .action(async (path: string, options: ExploreOptions, command: Command) => {
      refuseTogether(options, command)
      if (options.edit === true) await editPage(path, options, command)
      else if (options.watch === true) await watchPage(path, options)
      else {
        const data = await dataOf(path, options)
        await deliverText(command, options, await explorePage(data, await readBuiltPage()))
        if (data.log !== undefined) tellDamage(data.log)
      }
    })
}

function refuseTogether(options: ExploreOptions, command: Command): void {
  const { log, output, watch, edit, port } = options
  if (log?.includes('-') === true)
    command.error('error: a log is read twice: give a file in place of standard input')
  const serving = edit === true ? '--edit' : watch === true ? '--watch' : undefined
  if (serving !== undefined && output !== undefined)
    command.error(`error: ${serving} serves the page: leave -o`)
  if (serving === undefined && output === undefined && process.stdout.isTTY)
    command.error('error: a page is no text to read here: give a file with -o, or --watch')
  if (serving === undefined && port !== undefined) command.error('error: --port without --watch or --edit')
}

/** Everything that the page shows, read now. */
async function dataOf(path: string, { option, against, log: logs }: ExploreOptions): Promise<ExploreData> {
  const policy = await loadCompiled(path, option)
  const diff = against === undefined ? undefined : await differenceTo(against, policy, option)
  const log = logs === undefined ? undefined : await readLogReport(policy, () => openLogs(logs))
  const positions = await locateIn(path)
  return exploreData(policy, {
    file: basename(path),
    locate: (at) => positions?.find(at),
    diff,
    log
  })
}

async function watchPage(path: string, options: ExploreOptions): Promise<void> {
  const { log = [], port = 0, json } = options
  await servePage({
    make: () => dataOf(path, options),
    paths: async () => [...(await filesOf(path)), ...(await filesOfOlder(options)), ...log],
    port,
    built: await readBuiltPage(),
    live: await readBuilt('live.js'),
    onUrl: (url) => {
      printUrl(url, json)
    },
    signal: untilInterrupted()
  })
}

async function editPage(path: string, options: ExploreOptions, command: Command): Promise<void> {
  const { option, against, log, port = 0, json } = options
  await serveEditing({
    path,
    options: option,
    readTests: () => findFiles(command, path, []),
    readCode: () => dataOf(path, options),
    readOlder:
      against === undefined
        ? undefined
        : async () => ({ name: basename(against), document: await loadDocument(against) }),
    logs: log,
    others: () => filesOfOlder(options),
    port,
    built: {
      'edit.js': await readBuilt('edit.js'),
      'edit.css': await readBuilt('edit.css'),
      'worker.js': await readBuilt('worker.js')
    },
    onUrl: (url) => {
      printUrl(url, json)
    },
    signal: untilInterrupted()
  })
}

/** What an older policy is made of; a revision does not change. */
async function filesOfOlder({ against }: ExploreOptions): Promise<string[]> {
  return against === undefined || readRevision(against) !== undefined ? [] : await filesOf(against)
}

function printUrl(url: string, json = false): void {
  if (json) printJson({ url })
  else print(url)
}

async function differenceTo(
  path: string,
  policy: Policy,
  given: ReadonlyMap<string, string> | undefined
): Promise<NonNullable<ExploreProofs['diff']>> {
  const document = await loadDocument(path)
  const fixed = fixedOptions([document, policy.document], given)
  const progress = startProgress('comparing permissions')
  const difference = diffPolicies(compileUnder(document, fixed), policy, {
    options: fixed,
    onProgress: progress.report
  })
  progress.end()
  return { against: basename(path), difference }
}
