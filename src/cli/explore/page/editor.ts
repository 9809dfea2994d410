// The editor of one text: CodeMirror, with what it is told of problems and of names that fit. It knows no policy.
import { autocompletion, completionKeymap, type CompletionSource } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers
} from '@codemirror/view'
import { visible } from '../../../output/visible.js'
import type { Offer } from '../../lsp/complete.js'
import type { Remark } from '../../lsp/diagnose.js'
import type { EditState } from '../edit-state.js'
import { colours, look } from './editor-look.js'

/** What the editor is told, and whom it tells. */
export interface EditorSettings {
  readonly parent: Element
  readonly state: EditState
  readonly onChange: () => void
  readonly onSave: () => void
  readonly complete: (text: string, offset: number) => Promise<readonly Offer[]>
}

/** An editor on the page. Offsets are those of `text`. */
export interface Editor {
  /** The text with `\n` at the ends of its lines, for reading. */
  readonly text: () => string
  /** The text as it is to be saved: with the ends of lines and the byte order mark that it had. */
  readonly whole: () => string
  readonly replace: (text: string) => void
  readonly mark: (remarks: readonly Remark[]) => void
  /** The line of an offset, from 1. */
  readonly lineAt: (offset: number) => number
  readonly goTo: (offset: number) => void
  readonly goToLine: (line: number) => void
}

const byteOrderMark = '\uFEFF'

export function createEditor(settings: EditorSettings): Editor {
  const { parent, state, onChange } = settings
  const mark = state.text.startsWith(byteOrderMark) ? byteOrderMark : ''
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: withoutMark(state.text),
      extensions: [
        extensionsOf(settings),
        EditorView.updateListener.of(({ docChanged }) => {
          if (docChanged) onChange()
        })
      ]
    })
  })
  const goTo = (offset: number): void => {
    const anchor = Math.min(offset, view.state.doc.length)
    view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
    view.focus()
  }
  return {
    text: () => view.state.doc.toString(),
    whole: () => mark + view.state.sliceDoc(),
    replace(text) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: view.state.toText(withoutMark(text)) }
      })
    },
    mark(remarks) {
      const { length } = view.state.doc
      view.dispatch(
        setDiagnostics(
          view.state,
          remarks.map(({ severity, code, message, start, end }) => ({
            from: Math.min(start, length),
            to: Math.min(Math.max(start, end), length),
            severity,
            source: code,
            message
          }))
        )
      )
    },
    lineAt: (offset) => view.state.doc.lineAt(Math.min(offset, view.state.doc.length)).number,
    goTo,
    goToLine(line) {
      const { doc } = view.state
      goTo(doc.line(Math.min(Math.max(1, line), doc.lines)).from)
    }
  }
}

function withoutMark(text: string): string {
  return text.startsWith(byteOrderMark) ? text.slice(1) : text
}

function extensionsOf({ state, onSave, complete }: EditorSettings): Extension[] {
  const { text, format, file } = state
  const save = {
    key: 'Mod-s',
    preventDefault: true,
    run: () => {
      onSave()
      return true
    }
  }
  const nonce = document.querySelector('style')?.nonce ?? ''
  return [
    EditorView.cspNonce.of(nonce),
    // A line ends as all lines of the file do. Where they differ, what is no `\n` is a part of the line and stays.
    EditorState.lineSeparator.of(/^(?:[^\r\n]|\r\n)*$/.test(text) && text.includes('\r\n') ? '\r\n' : '\n'),
    EditorState.tabSize.of(2),
    EditorState.readOnly.of(format === 'code'),
    EditorView.contentAttributes.of({ 'aria-label': visible(file), tabindex: '0' }),
    EditorView.lineWrapping,
    lineNumbers(),
    lintGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    bracketMatching(),
    indentOnInput(),
    autocompletion({ override: [offering(complete)] }),
    languageOf(format, file),
    syntaxHighlighting(colours),
    look,
    keymap.of([save, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...completionKeymap, ...lintKeymap])
  ]
}

function languageOf(format: EditState['format'], file: string): Extension {
  switch (format) {
    case 'yaml':
      return yaml()
    case 'json':
      return json()
    case 'code':
      return javascript({ typescript: /\.[cm]?ts$/.test(file) })
  }
}

/** Names that can stand at the cursor, as somebody types a word or asks. */
function offering(complete: EditorSettings['complete']): CompletionSource {
  return async (context) => {
    if (!context.explicit && context.matchBefore(/[\w.:*/-]+/) === null) return null
    const offers = await complete(context.state.doc.toString(), context.pos)
    const [first] = offers
    if (first === undefined || context.aborted) return null
    return {
      from: first.start,
      to: Math.max(first.end, context.pos),
      options: offers.map(({ label, kind, detail, text }) => ({
        label,
        displayLabel: visible(label),
        detail,
        apply: text,
        type: kind === 'action' || kind === 'permission' ? 'method' : 'class'
      })),
      validFor: /^[\w.:*/-]*$/
    }
  }
}
