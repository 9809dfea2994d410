// Definitions, references and renaming: all of a name's places in one document.
import type { Named } from './said.js'
import type { Occurrence } from './occurrences.js'
import type { Outline } from './outline.js'

/** The name at an offset, its end included; the narrower of two. */
export function nameAt({ names }: Outline, offset: number): Occurrence | undefined {
  return names.find(({ start, end }) => start <= offset && offset <= end)
}

/** Every place of a name, its definition among them. */
export function placesOf({ names }: Outline, { kind, name, resource }: Named): Occurrence[] {
  return names.filter(
    (one) => one.kind === kind && one.name === name && (kind !== 'action' || one.resource === resource)
  )
}

/** The places that a renaming writes anew, or why it cannot be done. */
export type Renaming =
  | { readonly ok: true; readonly places: readonly Occurrence[] }
  | { readonly ok: false; readonly message: string }

/** Words that YAML reads as something else than a text. */
const notTexts = /^(?:true|false|null)$/i

/** Checks a new name against the document. Nothing is renamed by halves: where one place cannot be, none is. */
export function renameTo(outline: Outline, named: Named, name: string): Renaming {
  const refuse = (message: string): Renaming => ({ ok: false, message })
  const allowed =
    named.kind === 'resource' || named.kind === 'action' ? /^[A-Za-z][\w./-]*$/ : /^[A-Za-z][\w./:-]*$/
  if (name.length > 200 || !allowed.test(name) || name.endsWith(':') || notTexts.test(name))
    return refuse(`not a name that can be written everywhere as it is: ${name.slice(0, 200)}`)
  if (placesOf(outline, { ...named, name }).some(({ isDefined }) => isDefined))
    return refuse(`there is already: ${named.kind} ${name}`)
  const places = placesOf(outline, named)
  if (!places.some(({ isDefined }) => isDefined)) return refuse(`${named.name} is not defined here`)
  if (places.some(({ isPlain }) => !isPlain))
    return refuse(`${named.name} is written with escapes somewhere; write it plainly first`)
  return { ok: true, places }
}
