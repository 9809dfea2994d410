#!/usr/bin/env node
// The `casemate` command. One file a subcommand; results go to standard output, problems to standard error; exit
// status 0: fine, 1: the answer is no or a check failed, 2: the input is invalid.
import { Command, CommanderError } from 'commander'
import { checkCommand } from './check.js'
import { decideCommand } from './decide.js'
import { explainCommand } from './explain.js'
import { exitInvalid, reportFailure } from './io.js'
import { matrixCommand } from './matrix.js'

const commands = [checkCommand, decideCommand, explainCommand, matrixCommand]

async function main(): Promise<void> {
  const program = new Command('casemate')
    .description('RBAC policies as plain data: check them, ask them, prove things about them')
    .version('0.1.0')
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
  // A subcommand takes over what the program says about errors and help when it is added.
  for (const command of commands) program.addCommand(command().copyInheritedSettings(program))
  try {
    await program.parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitInvalid
    else reportFailure(error)
  }
}

await main()
