// Completion: the word at the cursor is replaced by a mark, the text is read with it, and where the mark stands says which
// names can stand there. So a half-written line is read as the whole one would be.
import type * as Yaml from 'yaml'
import type { NameKind, Place } from './names.js'
import { placeAt } from './names.js'
import { outlineOf, type Outline } from './outline.js'
import { saidOf } from './said.js'

/** Something that can stand at the cursor, and what it replaces. */
export interface Offer {
  readonly label: string
  readonly kind: NameKind | 'permission'
  /** What is said of it. */
  readonly detail: string
  readonly text: string
  readonly start: number
  readonly end: number
}

/** No policy has it, and both formats read it as a word. */
const mark = 'casemate-cursor-mark'

/** The most names that are offered; an editor asks again with the next letter. */
const mostOffers = 1000

/** The names that can stand at an offset of a text, in the order of the document. */
export function completeAt(yaml: typeof Yaml, text: string, offset: number, isJson: boolean): Offer[] {
  const { start, end } = wordAt(text, offset)
  const outline = outlineOf(yaml, text.slice(0, start) + mark + text.slice(end))
  const cursor = outline.scalars.find(({ value }) => value.includes(mark))
  if (cursor === undefined) return []
  const { path, isKey, isQuoted } = cursor
  // What is to become a key or an item is read as the value before it, where the line is not yet whole.
  const tries: readonly [place: Place | undefined, isList: boolean][] = [
    [placeAt(path, isKey), false],
    [isKey ? undefined : placeAt([...path, mark], true), false],
    [isKey ? undefined : placeAt([...path, 0], false), true]
  ]
  const [place, isList = false] = tries.find(([found]) => found !== undefined) ?? []
  if (place === undefined) return []
  const written = (name: string): string => {
    const word = isJson && !isQuoted ? JSON.stringify(name) : name
    return isList ? `[${word}]` : word
  }
  return candidates(place, outline)
    .filter(({ label }) => !label.includes(mark))
    .slice(0, mostOffers)
    .map((one) => ({ ...one, text: written(one.label), start, end }))
}

/** The word around an offset. A `:` belongs to it between letters, as in a permission. */
function wordAt(text: string, offset: number): { readonly start: number; readonly end: number } {
  const before = text.slice(Math.max(0, offset - 200), offset)
  const [left = ''] = /(?:[\w./*-]|(?<=\w):(?=\S))*(?:(?<=\w):)?$/.exec(before) ?? []
  const [right = ''] = /^(?:[\w./*-]|(?<=\w):(?=\w))*/.exec(text.slice(offset, offset + 200)) ?? []
  return { start: offset - left.length, end: offset + right.length }
}

type Candidate = Pick<Offer, 'label' | 'kind' | 'detail'>

function candidates(place: Place, outline: Outline): Candidate[] {
  const named = (kind: NameKind, resource?: string): Candidate[] => {
    const names = new Set<string>()
    for (const one of outline.names)
      if (one.isDefined && one.kind === kind && (resource === undefined || one.resource === resource))
        names.add(one.name)
    return [...names].map((label) => ({
      label,
      kind,
      detail: saidOf(outline, { kind, name: label, resource })
    }))
  }
  switch (place.is) {
    case 'name':
      if (place.isDefined) return []
      return named(place.kind, place.kind === 'action' && place.resource !== '*' ? place.resource : undefined)
    case 'subject':
      return [...named('role'), ...named('system').map((one) => ({ ...one, label: `system:${one.label}` }))]
    case 'scope':
      return [...named('scope'), ...named('template'), ...permissions(outline)]
    case 'permission':
      return permissions(outline)
    case 'entry':
    case 'path':
      return []
  }
}

function permissions(outline: Outline): Candidate[] {
  return outline.names.flatMap((one) =>
    one.isDefined && one.kind === 'action'
      ? [
          {
            label: `${one.resource ?? ''}:${one.name}`,
            kind: 'permission' as const,
            detail: saidOf(outline, one)
          }
        ]
      : []
  )
}
