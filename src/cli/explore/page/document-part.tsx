// The document's side of the page: the editor, whether it is saved, what is wrong, and which statements do not hold.
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { visible } from '../../../output/visible.js'
import { count } from '../../../output/words.js'
import { Name, say, Sentence } from '../../../explore/page/parts.js'
import type { Remark } from '../../lsp/diagnose.js'
import type { PlacedRemark, Session } from './session.js'

interface Props {
  readonly session: Session
}

export function DocumentPart({ session }: Props): JSX.Element {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (place.current !== null) session.begin(place.current)
  }, [session])
  return (
    <section class="document" aria-label="Document">
      <Head session={session} />
      <div class="code" ref={place} />
      <div class="remarks">
        <Problems session={session} />
        <Statements session={session} />
      </div>
    </section>
  )
}

function Head({ session }: Props): JSX.Element {
  const { file, isReadOnly, saving, trouble } = session
  const { value } = saving
  return (
    <>
      <div class="bar">
        <Name of={file} />
        <span role="status" data-saving={isReadOnly ? 'code' : value.is}>
          {isReadOnly ? 'code: change it in your editor, this page follows' : savingText(session)}
        </span>
        {!isReadOnly && (
          <button
            type="button"
            disabled={value.is !== 'changed' && value.is !== 'refused'}
            onClick={() => void session.save()}
          >
            Save
          </button>
        )}
        {value.is === 'overtaken' && (
          <button type="button" onClick={session.takeFile}>
            Load the file, drop what is here
          </button>
        )}
      </div>
      <ul class="trouble" aria-live="polite">
        {[...trouble.value, ...(value.is === 'refused' ? value.problems : [])].map((line) => (
          <li key={line}>{say(line)}</li>
        ))}
      </ul>
    </>
  )
}

function savingText({ saving, remarks }: Session): string {
  const errors = distinct(remarks.value.filter(isError)).length
  switch (saving.value.is) {
    case 'saved':
      return errors === 0 ? 'saved' : `saved, with ${count(errors, 'problem')}`
    case 'saving':
      return 'saving'
    case 'changed':
      return errors === 0 ? 'not saved' : `not saved: ${count(errors, 'problem')}`
    case 'refused':
      return 'was not saved'
    case 'overtaken':
      return 'the file has changed since it was loaded here: nothing is saved over it'
  }
}

function isError({ severity }: Remark): boolean {
  return severity === 'error'
}

/** More are underlined in the text. */
const mostListed = 50

function Problems({ session }: Props): JSX.Element {
  const problems = distinct(session.remarks.value.filter(isError))
  if (problems.length === 0) return <></>
  return (
    <>
      <h2>{count(problems.length, 'problem')}</h2>
      {session.data.value !== undefined && <p>The explorer shows the last text that was a policy.</p>}
      <ul>
        {problems.slice(0, mostListed).map(({ message, start, line }, i) => (
          <li key={i}>
            <button
              type="button"
              class="line"
              onClick={() => {
                session.goTo(start)
              }}
            >
              Line {line}
            </button>{' '}
            <Sentence of={message} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** A reader of YAML may say of one place the same for each collection that is open there. */
function distinct(remarks: readonly PlacedRemark[]): readonly PlacedRemark[] {
  return [...new Map(remarks.map((one) => [`${one.line} ${one.message}`, one])).values()]
}

function Statements({ session }: Props): JSX.Element {
  const { statements, data, isReadOnly } = session
  if (isReadOnly || data.value === undefined) return <></>
  const found = statements.value
  if (found === undefined) return <p role="status">Statements are being checked.</p>
  return (
    <>
      <h2>Statements</h2>
      <p role="status" data-statements={found.failures.length}>
        {found.summary === ''
          ? 'No file beside the policy states anything, and it has no invariants.'
          : found.summary}
      </p>
      <ul>
        {found.failures.slice(0, mostListed).map(({ where, says, why, asked }, i) => (
          <li key={i}>
            <b>{visible(where)}</b> <bdi>{say(says)}</bdi>
            <br />
            <Sentence of={why} />{' '}
            {asked !== undefined && (
              <a href={`#${new URLSearchParams({ view: 'why', ...asked }).toString()}`}>
                Why<span class="hidden"> does it not hold: {say(says)}</span>
              </a>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
