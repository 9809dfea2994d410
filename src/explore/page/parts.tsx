// Small parts that all views share. Every text of a policy goes through `Name` or `say`: characters that cannot be seen
// are shown as escapes, and text that runs from right to left turns nothing around it.
import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { visible } from '../../output/visible.js'
import type { Cell } from '../cells.js'

/** A text on one line, every invisible character as an escape. */
export function say(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim())
}

/** A name of the policy. */
export function Name({ of }: { readonly of: string }): JSX.Element {
  return (
    <code class="name">
      <bdi>{visible(of)}</bdi>
    </code>
  )
}

/** Prose of the policy, or of the package about it: what stands in backticks is a name. */
export function Sentence({ of }: { readonly of: string }): JSX.Element {
  const parts = of.split('`')
  if (parts.length % 2 === 0) return <bdi>{say(of)}</bdi>
  return (
    <span>
      {parts.map((part, i) =>
        i % 2 === 1 ? <Name key={i} of={part} /> : <bdi key={i}>{visible(part.replace(/\s+/g, ' '))}</bdi>
      )}
    </span>
  )
}

interface SelectProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (string | readonly [value: string, text: string])[]
  readonly onChoose: (value: string) => void
}

/** A choice of one. A value that is not among the options is shown as it is. */
export function Select({ label, value, options, onChoose }: SelectProps): JSX.Element {
  const pairs = options.map((one): readonly [string, string] => (typeof one === 'string' ? [one, one] : one))
  const all = pairs.some(([one]) => one === value)
    ? pairs
    : [[value, value === '' ? '—' : value] as const, ...pairs]
  return (
    <label class="field">
      <span>{label}</span>
      <select
        value={value}
        onChange={(event) => {
          onChoose(event.currentTarget.value)
        }}
      >
        {all.map(([one, text]) => (
          <option key={one} value={one}>
            {visible(text)}
          </option>
        ))}
      </select>
    </label>
  )
}

interface InputProps {
  readonly label: string
  readonly value: string
  readonly placeholder?: string
  readonly onType: (value: string) => void
}

/** A line of text. */
export function Input({ label, value, placeholder = '', onType }: InputProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        value={value}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          onType(event.currentTarget.value)
        }}
      />
    </label>
  )
}

interface LinesProps {
  readonly label: string
  readonly lines: readonly string[]
  readonly hint?: string
  readonly onType: (lines: readonly string[]) => void
}

/** A list, one entry a line. */
export function Lines({ label, lines, hint = 'one a line', onType }: LinesProps): JSX.Element {
  // What is typed stays as it is typed: an empty line is the beginning of the next entry.
  const typed = useSignal(lines.join('\n'))
  const given = typed.value.split('\n').filter((line) => line !== '')
  if (given.join('\n') !== lines.join('\n')) typed.value = lines.join('\n')
  return (
    <label class="field">
      <span>
        {label} <small>{hint}</small>
      </span>
      <textarea
        rows={Math.max(1, typed.value.split('\n').length)}
        spellcheck={false}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value
          onType(typed.value.split('\n').filter((line) => line !== ''))
        }}
      />
    </label>
  )
}

/** A box to tick. */
export function Check({
  label,
  on,
  onTick
}: {
  readonly label: ComponentChildren
  readonly on: boolean
  readonly onTick: (on: boolean) => void
}): JSX.Element {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={on}
        onChange={(event) => {
          onTick(event.currentTarget.checked)
        }}
      />
      <span>{label}</span>
    </label>
  )
}

/** Copies a text, and says so. Where the clipboard is closed, the text is there to be copied by hand. */
export function Copy({ label, text }: { readonly label: string; readonly text: string }): JSX.Element {
  const said = useSignal('')
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        said.value = 'Copied'
      },
      () => {
        said.value = text
      }
    )
  }
  return (
    <span class="copy">
      <button type="button" onClick={copy}>
        {label}
      </button>{' '}
      <output>{said.value === text ? <code>{visible(text)}</code> : said.value}</output>
    </span>
  )
}

/** A table that scrolls by itself, with the keyboard too. */
export function Table({
  label,
  children
}: {
  readonly label: string
  readonly children: ComponentChildren
}): JSX.Element {
  return (
    <div class="scroll" role="region" aria-label={say(label)} tabIndex={0}>
      <table>{children}</table>
    </div>
  )
}

/** What a table says; it stays in sight while the table scrolls to the side. */
export function Caption({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <caption>
      <span>{children}</span>
    </caption>
  )
}

/** The look of a cell: colour only repeats what its words and its sign say. */
export function lookOf({ says, denied }: Pick<Cell, 'says' | 'denied'>): string {
  if (says === 'none') return 'none'
  if (says === 'yes') return denied.length > 0 ? 'some denied' : 'yes'
  if (says === 'no') return denied.length > 0 ? 'denied' : 'no'
  return denied.length > 0 ? 'some denied' : 'some'
}

/** How far a cell reaches, an entry for each kind of objects. */
export function reachesOf(says: string): string[] {
  return says === 'none' ? ['\u00b7'] : says.split('; ').map((one) => visible(one))
}

/** The sign before what a cell says. */
export function signOf(says: string): string {
  return `sign sign-${says === 'yes' || says === 'no' || says === 'none' ? says : 'some'}`
}

/** The levels that deny, in words; empty for none. */
export function deniedText(denied: Cell['denied']): string {
  return denied.length === 0 ? '' : `denied: ${visible(denied.join(', '))}`
}

/** What a cell says, in words. */
export function CellText({ says, denied = [] }: Partial<Cell> & Pick<Cell, 'says'>): JSX.Element {
  return (
    <>
      <span class={signOf(says)}>{reachesOf(says).join('\n')}</span>
      {denied.length > 0 && <span class="deny">{deniedText(denied)}</span>}
    </>
  )
}
