// The text that is edited and what is known of it: problems, what the explorer shows, proofs, and whether it is saved. Each
// change asks anew, and an answer to an older text is not taken.
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { ExploreData, ExploreDiff, LogReport } from '../../../explore/index.js'
import type { Matrix } from '../../../explore/matrix.js'
import type { PageSettings } from '../../../explore/page/state.js'
import type { Remark } from '../../lsp/diagnose.js'
import { versionHeader, type EditState, type Saved } from '../edit-state.js'
import type { News } from '../news.js'
import { createAsking } from './asking.js'
import { createEditor, type Editor } from './editor.js'
import type { Draft, Statements } from './reading.js'

/** Where the text is, as against the file. */
export type Saving =
  | { readonly is: 'saved' | 'changed' | 'saving' }
  /** Nothing was written; why, a line each. */
  | { readonly is: 'refused'; readonly problems: readonly string[] }
  /** Somebody else changed the file: what is typed here cannot be saved. */
  | { readonly is: 'overtaken' }

/** A remark with its line in the text that it is about, from 1. */
export interface PlacedRemark extends Remark {
  readonly line: number
}

/** What the parts of the page show, and what they do. */
export interface Session {
  readonly file: string
  readonly isReadOnly: boolean
  readonly saving: ReadonlySignal<Saving>
  readonly remarks: ReadonlySignal<readonly PlacedRemark[]>
  /** Of the last text that was a policy; `undefined` before there was one. */
  readonly data: ReadonlySignal<ExploreData | undefined>
  /** Works matrices of the data out. */
  readonly matrixOf: NonNullable<PageSettings['matrixOf']>
  /** `undefined` while they are being checked. */
  readonly statements: ReadonlySignal<Statements | undefined>
  /** What is wrong beside the text: a file that is gone, a command that ended. */
  readonly trouble: ReadonlySignal<readonly string[]>
  /** Begins the editor inside an element. */
  readonly begin: (parent: Element) => void
  readonly save: () => Promise<void>
  /** Takes the file as it is on the disk, in place of what was typed. */
  readonly takeFile: () => void
  readonly goTo: (offset: number) => void
  readonly goToLine: (line: number) => void
  /** Hears that the files are, or may be, other ones. */
  readonly hear: (news: News) => Promise<void>
  readonly miss: () => void
}

/** What takes longer than reading a text. */
interface Proved {
  readonly unsaved?: ExploreDiff | undefined
  readonly diff?: ExploreDiff | undefined
  readonly log?: LogReport | undefined
}

/** Milliseconds after the last key before the text is read, and then before it is proved. */
const pause = 150

export async function readEditState(): Promise<EditState> {
  const response = await fetch('state')
  return (await response.json()) as EditState
}

export function createSession(first: EditState): Session {
  let state = first
  let editor: Editor | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let heard = ''
  const saving = signal<Saving>({ is: 'saved' })
  const remarks = signal<readonly PlacedRemark[]>([])
  const shown = signal<ExploreData | undefined>(first.data)
  const proved = signal<Proved>({})
  const data = computed(() => shown.value && { ...shown.value, ...proved.value })
  const statements = signal<Statements | undefined>(undefined)
  const heardOf = signal<readonly string[]>([])
  /** What was asked last and failed. */
  const failure = signal<string | undefined>(undefined)
  const trouble = computed(() => [...heardOf.value, ...(failure.value === undefined ? [] : [failure.value])])
  const [reader, completer, prover, drawer] = [createAsking(), createAsking(), createAsking(), createAsking()]
  const isReadOnly = first.format === 'code'

  const draftOf = (text: string): Draft | undefined =>
    state.format === 'code'
      ? undefined
      : { text, format: state.format, file: state.file, options: state.options }

  const look = async (): Promise<void> => {
    const draft = draftOf(editor?.text() ?? state.text)
    failure.value = undefined
    if (draft === undefined) return
    const read = await reader.ask('read', draft)
    remarks.value = read.remarks.map((one) => ({ ...one, line: editor?.lineAt(one.start) ?? 1 }))
    editor?.mark(read.remarks)
    if (read.data === undefined) return
    shown.value = read.data
    statements.value = undefined
    await prove(draft)
  }

  const prove = async (draft: Draft): Promise<void> => {
    const { tests, older, logs } = state
    const found = await prover.ask('prove', { ...draft, saved: withoutMark(state.text), older, tests })
    const { unsaved, diff } = found
    statements.value = found.statements
    proved.value = { ...proved.value, unsaved, diff }
    if (logs.length > 0) proved.value = { ...proved.value, log: await prover.ask('log', { ...draft, logs }) }
  }

  const matrixOf: Session['matrixOf'] = (asked) => {
    const matrix = signal<Matrix | undefined>(undefined)
    effect(() => {
      if (shown.value === undefined || asked.value === undefined) return
      const { document, options } = shown.value
      const { question, options: chosen } = asked.value
      drawer.ask('matrix', { document, options: { ...options, ...chosen }, question }).then((found) => {
        // The same again is not drawn again.
        if (JSON.stringify(found) !== JSON.stringify(matrix.peek())) matrix.value = found
      }, fail)
    })
    return matrix
  }

  const lookSoon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      look().catch(fail)
    }, pause)
  }

  const fail = (error: unknown): void => {
    failure.value = error instanceof Error ? error.message : String(error)
  }

  const isChanged = (): boolean => editor !== undefined && editor.whole() !== state.text

  const take = (next: EditState): void => {
    state = next
    if (next.data !== undefined) shown.value = next.data
    if (isChanged()) editor?.replace(next.text)
    saving.value = { is: 'saved' }
    lookSoon()
  }

  return {
    file: first.file,
    isReadOnly,
    saving,
    remarks,
    data,
    matrixOf,
    statements,
    trouble,
    begin(parent) {
      editor = createEditor({
        parent,
        state,
        onChange: () => {
          if (saving.value.is !== 'overtaken') saving.value = { is: isChanged() ? 'changed' : 'saved' }
          lookSoon()
        },
        onSave: () => void save(),
        complete: async (text, offset) => {
          const draft = draftOf(text)
          return draft === undefined ? [] : await completer.ask('complete', { ...draft, offset })
        }
      })
      look().catch(fail)
    },
    save,
    takeFile() {
      readEditState().then(take, fail)
    },
    goTo: (offset) => editor?.goTo(offset),
    goToLine: (line) => editor?.goToLine(line),
    async hear({ version, problems }) {
      heardOf.value = problems
      if (version === heard || problems.length > 0) return
      heard = version
      const next = await readEditState()
      if (next.version === state.version) {
        state = next
        lookSoon()
      } else if (isChanged() && !isReadOnly) {
        if (saving.value.is !== 'saving') saving.value = { is: 'overtaken' }
      } else take(next)
    },
    miss() {
      heardOf.value = [
        'The command that this page belongs to has ended, or cannot be reached: nothing can be saved.'
      ]
    }
  }

  async function save(): Promise<void> {
    if (editor === undefined || isReadOnly || ['saving', 'overtaken'].includes(saving.value.is)) return
    const text = editor.whole()
    saving.value = { is: 'saving' }
    try {
      const response = await fetch('document', {
        method: 'PUT',
        headers: { [versionHeader]: state.version },
        body: text
      })
      const saved = (await response.json()) as Saved
      if (!saved.ok) {
        saving.value =
          response.status === 409 ? { is: 'overtaken' } : { is: 'refused', problems: saved.problems }
        return
      }
      state = { ...state, text, version: saved.version }
      saving.value = { is: isChanged() ? 'changed' : 'saved' }
      proved.value = { ...proved.value, unsaved: undefined }
      lookSoon()
    } catch (error) {
      saving.value = { is: 'refused', problems: [error instanceof Error ? error.message : String(error)] }
    }
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
