// What there is to complete: every command with its options, as commander knows them.
import type { Command } from 'commander'

/** An option. */
export interface OptionWords {
  /** `--json` and `-q`. */
  readonly flags: readonly string[]
  readonly description: string
  /** Whether a value follows. */
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

/** A command, by its path: empty for the program, `generate types`. */
export interface CommandWords {
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly OptionWords[]
}

/** The program and all of its commands. */
export function wordsOf(command: Command, path = ''): CommandWords[] {
  const options = command.options.map((option) => ({
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? []
  }))
  const help = { flags: ['-h', '--help'], description: 'display help', takesValue: false, choices: [] }
  const commands = command.commands.map((one) => ({ name: one.name(), description: one.description() }))
  return [
    { path, commands, options: [...options, help] },
    ...command.commands.flatMap((one) => wordsOf(one, `${path} ${one.name()}`.trim()))
  ]
}
