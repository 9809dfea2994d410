// The look of the editor, in the colours of the page's style sheet, so that light and dark are written once.
import { HighlightStyle } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The colours of a text's parts; what is not named has the colour of the text. */
export const colours: HighlightStyle = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--mark)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--some)' },
  { tag: [tags.comment, tags.meta, tags.punctuation, tags.separator], color: 'var(--faint)' },
  { tag: [tags.labelName, tags.typeName], color: 'var(--yes)' }
])

const marked = (colour: string): Record<string, string> => ({
  backgroundImage: 'none',
  textDecoration: `underline wavy ${colour} 1.5px`,
  textUnderlineOffset: '3px',
  paddingBottom: '0'
})

export const look: Extension = EditorView.theme({
  '&': { backgroundColor: 'var(--ground)', color: 'var(--text)', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--mark)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.88rem',
    lineHeight: '1.5'
  },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--faint)', borderColor: 'var(--line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--mark) 7%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--mark) 25%, transparent)'
  },
  '.cm-selectionMatch, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--mark) 18%, transparent)'
  },
  '.cm-lintRange-error': marked('var(--deny)'),
  '.cm-lintRange-warning': marked('var(--some)'),
  '.cm-lintRange-info': marked('var(--faint)'),
  // In place of pictures, which the page loads none of.
  '.cm-lint-marker': { width: '0.7em', height: '0.7em', margin: '0.4em 0 0', borderRadius: '50%' },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--deny)' },
  '.cm-lint-marker-warning': { content: 'normal', backgroundColor: 'var(--some)' },
  '.cm-lint-marker-info': { content: 'normal', backgroundColor: 'var(--faint)' },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    borderColor: 'var(--edge)'
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--mark)',
    color: 'var(--ground)'
  },
  '.cm-diagnostic': { borderLeftColor: 'var(--deny)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--some)' },
  '.cm-diagnosticSource': { opacity: '1', color: 'var(--faint)' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--raised)' }
})
