// All subcommands as one program. Results go to standard output, problems to standard error. Exit status: 0 if all is
// well, 1 if the answer is no or a check failed, 2 if the input is invalid.
import { Command, CommanderError } from 'commander'
import { refuseBrokenArguments } from './arguments.js'
import { checkCommand } from './commands/check.js'
import { checkStoreCommand } from './commands/check-store.js'
import { compileCommand } from './commands/compile.js'
import { completionCommand } from './commands/completion.js'
import { decideCommand } from './commands/decide.js'
import { diffCommand } from './commands/diff.js'
import { explainCommand } from './commands/explain.js'
import { exploreCommand } from './commands/explore.js'
import { generateCommand } from './commands/generate.js'
import { initCommand } from './commands/init.js'
import { exitInvalid, reportFailure, setQuiet, tell } from './io.js'
import { lspCommand } from './commands/lsp.js'
import { lintCommand } from './commands/lint.js'
import { matrixCommand } from './commands/matrix.js'
import { mutateCommand } from './commands/mutate.js'
import { replayCommand } from './commands/replay.js'
import { scopesCommand } from './commands/scopes.js'
import { serveCommand } from './commands/serve.js'
import { testCommand } from './commands/test.js'
import { unusedCommand } from './commands/unused.js'

const commands = [
  initCommand,
  checkCommand,
  decideCommand,
  explainCommand,
  exploreCommand,
  matrixCommand,
  testCommand,
  mutateCommand,
  diffCommand,
  lintCommand,
  scopesCommand,
  compileCommand,
  generateCommand,
  checkStoreCommand,
  serveCommand,
  lspCommand,
  completionCommand,
  replayCommand,
  unusedCommand
]

/** The program with every command, to run it or to document it. */
export function createProgram(version: string): Command {
  const program = new Command('casemate')
    .description('RBAC policies as plain data: check them, ask them, prove things about them')
    .version(version)
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
    .configureOutput({ outputError: tellError })
  for (const command of commands) program.addCommand(inheriting(command(), program))
  for (const command of leavesOf(program)) addCommonOptions(command)
  program.hook('preAction', (_, command) => {
    setQuiet(command.opts<{ readonly quiet?: boolean }>().quiet === true)
  })
  return program
}

/** Those whose output is not for people, or is a conversation. */
const outputIsAll = new Set(['lsp', 'completion', 'serve'])

/** What every command takes alike: `--quiet`, and `--json` where it writes files and has no words of its own for it. */
function addCommonOptions(command: Command): void {
  if (outputIsAll.has(command.name())) return
  if (!command.options.some(({ long }) => long === '--json'))
    command.option('--json', 'print what was written or checked as JSON')
  command.option('-q, --quiet', 'print nothing on standard output: the exit status is the answer')
}

/** The commands that do something, and none that only has others. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((one) => (one.commands.length === 0 ? [one] : leavesOf(one)))
}

/** Runs the command that the arguments name, and sets the exit status of the process. */
export async function runProgram(args: readonly string[], version: string): Promise<void> {
  const program = createProgram(version)
  setQuiet(false)
  try {
    await refuseBrokenArguments(args)
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitInvalid
    else reportFailure(error)
  }
}

/** Prints commander's error on one line, with its suggestion, if any, on a second line. */
function tellError(message: string): void {
  const [, said = '', suggestion] = /^(.*?)(\n\(Did you mean [^\n]*\?\))?\n?$/s.exec(message) ?? []
  tell([said, ...(suggestion === undefined ? [] : [suggestion.slice(1)])])
}

/** Makes a command and its subcommands report their errors through the program. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const subcommand of command.commands) inheriting(subcommand, command)
  return command
}
