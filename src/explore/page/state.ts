// What the page shows is what its fragment says: a link to it shows the same, and nothing leaves the page.
import { computed, type ReadonlySignal } from '@preact/signals'
import { isRecord } from '../../problems/plain.js'
import type { Values } from '../../verify/space/settings.js'
import type { ExploreData } from '../data.js'
import { matrixFor, type Matrix, type MatrixQuestion } from '../matrix.js'
import type { ExploreRequest } from '../request.js'
import { windowAddress, type Address } from './address.js'
import { ask, createEngines, missingFor, type Answer, type Engine } from './engine.js'
import { firstQuestion, isRequest } from './question.js'

/** The fields of the fragment; one that is empty is left out. */
const fields = [
  'view',
  'resource',
  'role',
  'by',
  'with',
  'find',
  'action',
  'a',
  'b',
  'only',
  'key',
  'task',
  'q',
  'o'
] as const
type Field = (typeof fields)[number]
/** The fields of the fragment as texts. */
export type Fragment = Readonly<Partial<Record<Field, string>>>

/** What all views read, and how they change it. */
export interface Page {
  /** What is shown; while a policy is edited it changes, and what reads it is drawn again. */
  readonly data: ExploreData
  /** Goes to a line of the policy's file, where that is at hand. */
  readonly goToLine: ((line: number) => void) | undefined
  readonly fragment: ReadonlySignal<Fragment>
  /** The policy under the options that are chosen. */
  readonly engine: ReadonlySignal<Engine>
  readonly options: ReadonlySignal<Values>
  /** The question of the view `why`; `undefined` where the fragment has none that can be read. */
  readonly request: ReadonlySignal<ExploreRequest | undefined>
  /** What the policy says to it. */
  readonly answer: ReadonlySignal<Answer>
  /** What the policy says to any question. */
  readonly ask: (request: ExploreRequest) => Answer
  /** The smallest changes that would allow it; `undefined` where none would, or where it is no question. */
  readonly missing: (request: ExploreRequest) => ReturnType<typeof missingFor>
  /** The matrix that the fragment asks for; `undefined` while it is worked out elsewhere. */
  readonly matrix: ReadonlySignal<Matrix | undefined>
  /** Changes the fragment in place, as somebody types. */
  readonly change: (changes: Fragment) => void
  /** The fragment after changes, for a link. */
  readonly link: (changes: Fragment) => string
}

const noRequest: Answer = {
  ok: false,
  code: 'invalid_request',
  message: 'not a request: `{ subject, action, object }`'
}

/** What a page may be given besides what it shows. */
export interface PageSettings {
  /** By default that of the window. */
  readonly address?: Address
  readonly goToLine?: Page['goToLine']
  /** Works matrices out beside the page, while one is asked for. */
  readonly matrixOf?: (
    asked: ReadonlySignal<{ readonly question: MatrixQuestion; readonly options: Values } | undefined>
  ) => Page['matrix']
}

export function createPage(shown: ReadonlySignal<ExploreData>, settings: PageSettings = {}): Page {
  const { address = windowAddress(), goToLine, matrixOf } = settings
  const engines = computed(() => createEngines(shown.value))
  const fragment = computed(() => readFragment(address.hash.value))
  // As a text, so that what is the same again changes nothing.
  const chosen = computed(() => JSON.stringify(readOptions(fragment.value.o, shown.value)))
  const options = computed(() => JSON.parse(chosen.value) as Values)
  const engine = computed(() => engines.value(options.value))
  const text = computed(() => fragment.value.q)
  const request = computed(() =>
    text.value === undefined ? firstQuestion(engine.value.compiled) : readRequest(text.value)
  )
  const asked = computed(() => JSON.stringify(matrixQuestion(fragment.value, shown.value)))
  const question = computed(() => JSON.parse(asked.value) as MatrixQuestion)
  const link = (changes: Fragment): string => writeFragment({ ...fragment.value, ...changes })
  return {
    get data() {
      return shown.value
    },
    goToLine,
    fragment,
    engine,
    options,
    request,
    answer: computed(() => (request.value === undefined ? noRequest : ask(engine.value, request.value))),
    ask: (question) => ask(engine.value, question),
    missing: (question) => missingFor(engine.value, question),
    matrix:
      matrixOf === undefined
        ? computed(() => matrixFor(engine.value.compiled, question.value))
        : matrixOf(
            computed(() =>
              viewOf(fragment.value) === 'matrix'
                ? { question: question.value, options: options.value }
                : undefined
            )
          ),
    link,
    change: (changes) => {
      address.replace(link(changes))
    }
  }
}

function matrixQuestion(
  { role, resource, by, with: added }: Fragment,
  { document }: ExploreData
): MatrixQuestion {
  if (role !== undefined) return { role }
  return {
    resource: resource ?? Object.keys(document.resources)[0] ?? '',
    by,
    together: togetherOf(added)
  }
}

/** The rows that somebody added: sets of roles. */
export function togetherOf(text: string | undefined): string[][] {
  const given = text === undefined ? [] : readJson(text)
  if (!Array.isArray(given)) return []
  return given.filter(
    (one): one is string[] => Array.isArray(one) && one.every((name) => typeof name === 'string')
  )
}

/** The view that a fragment names; where it names none, the first one. */
export function viewOf({ view = 'matrix' }: Fragment): string {
  return view
}

function readFragment(hash: string): Fragment {
  const given = new URLSearchParams(hash.slice(1))
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = given.get(field)
      return value === null || value === '' ? [] : [[field, value]]
    })
  )
}

function writeFragment(fragment: Fragment): string {
  return `#${fields
    .flatMap((field) => {
      const value = fragment[field]
      return value === undefined || value === '' ? [] : [`${field}=${encode(value)}`]
    })
    .join('&')}`
}

/** Half of a character has no encoding; it is replaced, as everywhere in addresses. */
function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
}

/** The value of a JSON text; `undefined` for what is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readRequest(text: string): ExploreRequest | undefined {
  const value = readJson(text)
  return isRequest(value) ? value : undefined
}

/** The options that the fragment names and the policy has; another value than the policy's is left out. */
function readOptions(text: string | undefined, { document }: ExploreData): Values {
  const given = text === undefined ? undefined : readJson(text)
  if (!isRecord(given)) return {}
  return Object.fromEntries(
    Object.entries(document.options ?? {}).flatMap(([name, { values }]) => {
      const value = Object.hasOwn(given, name) ? values.find((one) => one === given[name]) : undefined
      return value === undefined ? [] : [[name, value]]
    })
  )
}
