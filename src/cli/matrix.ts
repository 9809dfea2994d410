// `casemate matrix`: checks pages of permission matrices against a policy, cell by cell.
import { basename } from 'node:path'
import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { checkMatrix, printMatrix, type MatrixResult } from '../verify/index.js'
import type { Policy } from '../api/index.js'
import { collectOption, exitInvalid, exitNo, hasColour, loadCompiled, print } from './io.js'

interface MatrixCommandOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly wrongOnly?: boolean
  readonly json?: boolean
}

export function matrixCommand(): Command {
  return new Command('matrix')
    .description('check Markdown pages of permission matrices, cell by cell')
    .argument('<page...>', 'Markdown files')
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--wrong-only', 'leave out the tables whose every cell holds')
    .option('--json', 'print the results as JSON')
    .addHelpText(
      'after',
      `
Example:
  $ casemate matrix policies/coder/boundary_log.md --policy policies/coder/index.ts

Exit status: 1 if a cell does not hold, 2 if a page, the policy or the command is wrong.`
    )
    .action(async (paths: readonly string[], options: MatrixCommandOptions) => {
      const policy = await loadCompiled(options.policy, options.option)
      const results = await Promise.all(paths.map((path) => checkPage(policy, path)))
      if (options.json === true) print(JSON.stringify(results))
      else
        for (const result of results)
          print(printMatrix(result, { wrongOnly: options.wrongOnly, colour: hasColour() }))
      if (results.some(({ wrong }) => wrong > 0)) process.exitCode = exitNo
      if (results.some(({ problems }) => problems.length > 0)) process.exitCode = exitInvalid
    })
}

async function checkPage(policy: Policy, path: string): Promise<MatrixResult> {
  const markdown = await readFile(path, 'utf8')
  const named = basename(path, '.md')
  return checkMatrix(policy, markdown, { resource: policy.resources.get(named) && named })
}
