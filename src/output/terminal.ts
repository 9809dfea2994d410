// Writes lines for terminals and logs: no text from outside can move the cursor, end a line, hide or reorder
// characters, or be read as a command by a build system.
import { commandSign, visible } from './visible.js'

/** A text as one line of a terminal. Colours are put around it afterwards. */
export function terminalLine(text: string): string {
  return withoutCommands(visible(text))
}

/** A text of several lines: its line breaks stay, and with `colour` also colour codes. */
export function terminalText(text: string, { colour = false }: { readonly colour?: boolean } = {}): string {
  return text
    .split('\n')
    .map((line) => (colour ? paintedLine(line) : terminalLine(line)))
    .join('\n')
}

function paintedLine(line: string): string {
  const parts = line.split(/(\u001B\[\d{1,2}m)/)
  return parts.map((part, index) => (index % 2 === 1 ? part : terminalLine(part))).join('')
}

/** A line that no build system takes for a command; GitHub also reads `::error::…` where a line begins. */
export function withoutCommands(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1\\u003a').replace(commandSign, '\\u0023')
}
