// The page about the command line, made from the program itself.
import type { Argument, Command, Option } from 'commander'

import { createProgram } from '../../src/cli/program.js'
import { cellCode, sentenceOf } from '../../src/output/markdown.js'
import { page, table, type Block } from '../../src/generate/docs/markdown.js'

const introduction = `# Commands

\`npx casemate <command>\`. This page is made from \`--help\`.

| exit status | meaning |
| --- | --- |
| 0 | Everything is fine: the answer is yes, every check holds. |
| 1 | The answer is no, or a check failed. |
| 2 | The policy, another input or the command itself is wrong. |

Results go to standard output, problems to standard error. Every command has \`-h\` and \`--help\`; \`casemate --version\` prints the
version.`

export function commandsPage(): string {
  const commands = createProgram('').commands.flatMap((command) => withSubcommands(command))
  const contents = commands.map(
    ({ command, name }) => `- [${name}](#${anchorOf(name)}): ${sentenceOf(command.description())}`
  )
  return page([introduction, contents, ...commands.flatMap(({ command, name }) => sectionOf(command, name))])
}

interface Named {
  readonly command: Command
  readonly name: string
}

function withSubcommands(command: Command, parent = 'casemate'): Named[] {
  const name = `${parent} ${command.name()}`
  return [{ command, name }, ...command.commands.flatMap((subcommand) => withSubcommands(subcommand, name))]
}

function sectionOf(command: Command, name: string): Block[] {
  const help = command.createHelp()
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help')
  return [
    `## ${name}`,
    `${capital(sentenceOf(command.description()))}.`,
    ['```text', `${name} ${command.usage()}`, '```'],
    command.registeredArguments.length === 0
      ? ''
      : table(['argument', 'what it is'], command.registeredArguments.map(argumentRow)),
    options.length === 0 ? '' : table(['option', 'what it does'], options.map(optionRow)),
    ...moreOf(command)
  ]
}

function argumentRow(argument: Argument): string[] {
  return [cellCode(argument.name()), cellSentence(argument.description, argument)]
}

function optionRow(option: Option): string[] {
  return [
    cellCode(option.flags),
    `${option.mandatory ? 'Required: ' : ''}${cellSentence(option.description, option)}`
  ]
}

function cellSentence(text: string, { argChoices, defaultValue, defaultValueDescription }: Choosing): string {
  const choices = argChoices?.map(cellCode).join(', ')
  const preset = defaultValueDescription ?? (typeof defaultValue === 'string' ? defaultValue : undefined)
  return [
    sentenceOf(text),
    ...(choices === undefined ? [] : [`one of ${choices}`]),
    ...(preset === undefined ? [] : [`default ${cellCode(preset)}`])
  ].join('; ')
}

type Choosing = Pick<Option, 'argChoices' | 'defaultValue' | 'defaultValueDescription'>

/** What `--help` says after the options: prose as prose, examples and tables as they stand. */
function moreOf(command: Command): Block[] {
  const paragraphs = moreHelp(command).filter((paragraph) => !paragraph.startsWith(exitStatus))
  return [
    ...paragraphs.map((paragraph): Block =>
      isProse(paragraph) ? sentenceOf(paragraph) : ['```text', paragraph, '```']
    ),
    sentenceOf(exitStatusOf(command))
  ]
}

const exitStatus = 'Exit status: '

/** What the command says of it, or else the command that it is a part of. */
function exitStatusOf(command: Command): string {
  const own = moreHelp(command).find((paragraph) => paragraph.startsWith(exitStatus))
  if (own !== undefined) return own
  if (command.parent === null) return `${exitStatus}0, or 2 if the policy or the command is wrong.`
  return exitStatusOf(command.parent)
}

function moreHelp(command: Command): string[] {
  let text = ''
  command.configureOutput({ writeOut: (more) => (text += more) }).outputHelp()
  return text
    .slice(command.helpInformation().length)
    .trim()
    .split(/\n{2,}/)
}

/** A paragraph whose lines are not indented. */
function isProse(paragraph: string): boolean {
  return !/^\s/m.test(paragraph)
}

function anchorOf(heading: string): string {
  return heading.replaceAll(' ', '-')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
