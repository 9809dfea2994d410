// Words that every printed statement shares.
import type { Values } from './settings.js'

/** The deployment's options as the command line takes them, after a space; nothing where there are none. */
export function optionsText(options: Values): string {
  return Object.entries(options)
    .map(([name, value]) => ` --option ${name}=${String(value)}`)
    .join('')
}
