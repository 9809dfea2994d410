// Writes GitHub workflow commands: each is one line, and no property or message can end it.
import { visibleLines } from './visible.js'

/** A command, as `::error file=…,line=…::…`; a property that is not given is left out. */
export function workflowCommand(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string
): string {
  const written = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(String(value))}`]
  )
  return `::${name} ${written.join(',')}::${escapeData(message)}`
}

/** A command's message; `%` before line breaks, so that nothing is escaped twice. */
function escapeData(text: string): string {
  const lines = text.split('\r').map(visibleLines).join('\r')
  return lines.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** A property, which also ends at a comma and a colon. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
