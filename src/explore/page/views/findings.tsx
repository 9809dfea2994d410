// Findings: what the linter says, where it stands, and what to do about it.
import type { JSX } from 'preact'
import { count } from '../../../output/words.js'
import type { PlacedFinding } from '../../data.js'
import { FileLine, LinkTo } from '../fragment-parts.js'
import { Name, Sentence } from '../parts.js'
import type { Page } from '../state.js'

const looks = { error: 'denied', warning: 'some', info: 'no' } as const

export function FindingsView({ page }: { readonly page: Page }): JSX.Element {
  const { findings, rules } = page.data
  if (findings.length === 0) return <p>The linter has nothing to say about this policy.</p>
  return (
    <>
      <p>{count(findings.length, 'finding')} of the linter.</p>
      {rules.map(({ id, severity, summary, help }) => {
        const here = findings.filter(({ rule }) => rule === id)
        return here.length === 0 ? null : (
          <section key={id} class="finding">
            <h3>
              <span class={`tag ${looks[severity]}`}>{severity}</span> <Name of={id} />
            </h3>
            <p class="about">
              <Sentence of={summary} /> <Sentence of={help} />
            </p>
            <ul>
              {here.map((finding, i) => (
                <li key={i}>
                  <Finding page={page} finding={finding} />
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}

function Finding({
  page,
  finding: { path, message, line }
}: {
  readonly page: Page
  readonly finding: PlacedFinding
}): JSX.Element {
  const to = linkOf(page, path)
  const said = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message
  return (
    <>
      {line !== undefined && <FileLine page={page} line={line} />}
      {to === undefined ? (
        <Name of={path} />
      ) : (
        <LinkTo page={page} to={to}>
          <Name of={path} />
        </LinkTo>
      )}
      <br />
      <Sentence of={said} />
    </>
  )
}

/** The matrix of the role or the resource that a finding is about. */
function linkOf(
  page: Page,
  path: string
): { view: string; role: string; resource: string; by: string } | undefined {
  const { roles = {}, resources } = page.data.document
  const name = /^(?:roles|resources)(?:\.([\w$*-]+)|\["((?:[^"\\]|\\.)*)"\])/.exec(path)
  const found = name?.[1] ?? name?.[2] ?? ''
  if (path.startsWith('roles') && Object.hasOwn(roles, found))
    return { view: 'matrix', role: found, resource: '', by: '' }
  if (path.startsWith('resources') && Object.hasOwn(resources, found))
    return { view: 'matrix', role: '', resource: found, by: '' }
  return undefined
}
