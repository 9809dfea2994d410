// Texts that all printed statements share: a request, and the options to ask it under.
import { jsonText } from '../../output/json.js'
import { visible } from '../../output/visible.js'
import type { Values } from './settings.js'

/** A request on one line, followed by the deployment's options to ask it under. */
export function requestText(request: unknown, options: Values): string {
  return `${jsonText(request)}${optionsText(options)}`
}

/** The deployment's options as the command line takes them, after a space; nothing where there are none. */
export function optionsText(options: Values): string {
  return Object.entries(options)
    .map(([name, value]) => ` --option ${visible(`${name}=${String(value)}`)}`)
    .join('')
}
