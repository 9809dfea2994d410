// `casemate compile`: writes the file that `casemate/runtime` loads from a policy, whole or not at all.
import { Command } from 'commander'
import { toCompiled } from '../../policy/to-compiled.js'
import { jsonText } from '../../output/json.js'
import { orFail } from '../deliver.js'
import { collectOption, loadCompiled, printJson, write } from '../io.js'
import { writeWhole } from '../write-file.js'

interface CompileOptions {
  readonly output?: string
  readonly option?: ReadonlyMap<string, string>
  readonly json?: boolean
}

export function compileCommand(): Command {
  return new Command('compile')
    .description('compile a policy ahead of time, for casemate/runtime')
    .argument('<policy>', 'the policy: .ts, .js, .json or .yaml')
    .option('-o, --output <file>', 'where to write; standard output if not given')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--json', 'with -o, print what was written as JSON')
    .addHelpText(
      'after',
      `
The options are fixed in the file: a deployment with other options needs a file of its own.

Example:
  $ casemate compile policies/coder/index.ts -o coder.json`
    )
    .action(async (path: string, { output, option, json }: CompileOptions, command: Command) => {
      const file = toCompiled(await loadCompiled(path, option))
      const text = `${jsonText(file)}\n`
      if (output === undefined) {
        write(text)
        return
      }
      await orFail(command, 'write', output, () => writeWhole(output, text))
      const { casemate: version, checksum } = file
      if (json === true) printJson({ output, version, checksum })
    })
}
