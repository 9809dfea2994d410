// `casemate completion`: prints a script with which a shell completes commands and options.
import { Argument, Command } from 'commander'
import { bashCompletion, fishCompletion, zshCompletion } from '../completion/shells.js'
import { wordsOf } from '../completion/words.js'
import { write } from '../io.js'

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

export function completionCommand(): Command {
  return new Command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(shells)))
    .addHelpText(
      'after',
      `
Example:
  $ source <(casemate completion bash)
  $ casemate completion zsh > "\${fpath[1]}/_casemate"
  $ casemate completion fish > ~/.config/fish/completions/casemate.fish

Exit status: 2 if the command is wrong.`
    )
    .action((shell: keyof typeof shells, _: unknown, command: Command) => {
      write(shells[shell](command.parent === null ? [] : wordsOf(command.parent)))
    })
}
