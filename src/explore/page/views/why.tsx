// Why: a question, what the policy says to it, who voted how, and the smallest changes that would allow it.
import type { JSX } from 'preact'
import { isCasemateError } from '../../../errors.js'
import { visible } from '../../../output/visible.js'
import { describeStep } from '../../../missing/describe.js'
import type { Decision, DecidingGrant } from '../../../types.js'
import { expectationOf, type ExploreRequest } from '../../request.js'
import { FileLine } from '../fragment-parts.js'
import { Caption, Copy, Name, Sentence, Table } from '../parts.js'
import type { Page } from '../state.js'
import { Question } from './question.js'

export function WhyView({ page }: { readonly page: Page }): JSX.Element {
  return (
    <div class="split">
      <section aria-labelledby="question">
        <h3 id="question">Question</h3>
        <Question page={page} />
      </section>
      <section aria-labelledby="answer">
        <h3 id="answer">Answer</h3>
        <Answer page={page} />
      </section>
    </div>
  )
}

function Answer({ page }: { readonly page: Page }): JSX.Element {
  const answer = page.answer.value
  const request = page.request.value
  return (
    <>
      <div aria-live="polite">
        {answer.ok ? (
          <Verdict decision={answer.decision} />
        ) : (
          <p class="verdict wrong" data-verdict={answer.code}>
            <strong>Not a question</strong>{' '}
            <span>
              <Sentence of={answer.message} />
            </span>
          </p>
        )}
      </div>
      {answer.ok && <Votes page={page} decision={answer.decision} />}
      {answer.ok && !answer.decision.allowed && request !== undefined && (
        <Changes page={page} request={request} />
      )}
      {request !== undefined && answer.ok && (
        <Copies page={page} request={request} decision={answer.decision} />
      )}
    </>
  )
}

const reasons: Readonly<Record<Decision['reason'], string>> = {
  granted: 'a role grants it',
  granted_by_acl: 'an ACL entry of the object grants it',
  denied: 'a role denies it',
  not_granted: 'no role grants it',
  outside_scope: 'granted, but no scope of the key has it',
  outside_allow_list: 'granted, but the object is not in the list of the key',
  outside_org: 'granted, but not in an organization of the key'
}

function Verdict({ decision }: { readonly decision: Decision }): JSX.Element {
  const { allowed, reason, acl, ceiling } = decision
  return (
    <>
      <p
        class={`verdict ${allowed ? 'yes' : 'denied'}`}
        data-verdict={allowed ? 'allowed' : 'refused'}
        data-reason={reason}
      >
        <strong>{allowed ? 'Allowed' : 'Refused'}</strong>{' '}
        <span>
          {reasons[reason]} (<code>{reason}</code>)
        </span>
      </p>
      {acl !== undefined && (
        <p>
          The entry <Name of={`${acl.list}.${acl.id}`} /> has <Name of={acl.action} />.
        </p>
      )}
      {ceiling !== undefined && (
        <p>
          Ceiling {ceiling.ceiling + 1}:{' '}
          {(ceiling.scopes ?? []).map((scope) => (
            <Name key={scope} of={scope} />
          ))}{' '}
          {(ceiling.allowList ?? ceiling.onlyOrgs ?? []).map((entry) => (
            <Name key={entry} of={entry} />
          ))}
        </p>
      )}
    </>
  )
}

const signs = { allow: 'yes', deny: 'denied', abstain: 'no' } as const
const words = { allow: 'allows', deny: 'denies', abstain: 'says nothing' } as const

function Votes({ page, decision }: { readonly page: Page; readonly decision: Decision }): JSX.Element {
  return (
    <Table label="Votes">
      <Caption>Each level's vote, widest first; the first that says something decides.</Caption>
      <thead>
        <tr>
          <th scope="col">Level</th>
          <th scope="col">Vote</th>
          <th scope="col">Cast by</th>
        </tr>
      </thead>
      <tbody>
        {decision.votes.map(({ level, org, vote, by }, i) => (
          <tr key={i} class={level === decision.level && vote !== 'abstain' ? 'decides' : ''}>
            <th scope="row">
              {visible(level)}
              {org === undefined ? '' : ` in ${visible(org)}`}
            </th>
            <td class={signs[vote]}>
              {words[vote]}
              {level === decision.level && vote !== 'abstain' && <small>decides</small>}
            </td>
            <td>
              {by.map((grant, k) => (
                <Grant key={k} page={page} grant={grant} />
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

/** Who granted, what is written, and where. */
export function Grant({ page, grant }: { readonly page: Page; readonly grant: DecidingGrant }): JSX.Element {
  const { role, included, org, container, permission, path } = grant
  const place = container ?? org
  const line = lineOf(page.data.lines, path)
  return (
    <div class="grant">
      <span>
        <Name of={role} />
        {place !== undefined && (
          <>
            {' '}
            in <bdi>{visible(place)}</bdi>
          </>
        )}
        {included !== undefined && (
          <>
            , by <Name of={included} />
          </>
        )}
        : <Name of={permission} />
      </span>
      <small class="path">
        {line !== undefined && <FileLine page={page} line={line} />}
        <Name of={path} />
      </small>
    </div>
  )
}

/** A path may lead into a list; the line of grants is above it. */
function lineOf(lines: Readonly<Record<string, number>>, path: string): number | undefined {
  const plain = path.replace(/(?:\[\d+\])+$/, '')
  for (const one of [path, plain]) if (Object.hasOwn(lines, one)) return lines[one]
  return undefined
}

function Changes({ page, request }: { readonly page: Page; readonly request: ExploreRequest }): JSX.Element {
  const missing = missingOrFault(page, request)
  // A decision reads of an object what it needs; what would allow it may need a part that is malformed.
  if (typeof missing === 'string')
    return (
      <p class="about">
        <Sentence of={missing} />
      </p>
    )
  if (missing === undefined)
    return (
      <>
        <h4>What would allow it</h4>
        <p>No change of a role, a key or the object alone would: a level above denies it.</p>
      </>
    )
  return (
    <>
      <h4>The smallest change that would allow it</h4>
      <ul class="steps">
        {missing.steps.map((step, i) => {
          const others = missing.alternatives[i] ?? []
          return (
            <li key={i}>
              <bdi>{visible(describeStep(step))}</bdi>
              {others.length > 0 && (
                <details>
                  <summary>or one of {others.length} others</summary>
                  <ul>
                    {others.map((other, k) => (
                      <li key={k}>
                        <bdi>{visible(describeStep(other))}</bdi>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}

/** The smallest changes, or what is wrong with a part of the question that the decision did not read. */
function missingOrFault(page: Page, request: ExploreRequest): ReturnType<Page['missing']> | string {
  try {
    return page.missing(request)
  } catch (error) {
    if (isCasemateError(error)) return error.message
    throw error
  }
}

function Copies({
  page,
  request,
  decision
}: {
  readonly page: Page
  readonly request: ExploreRequest
  readonly decision: Decision
}): JSX.Element {
  const expectation = expectationOf(request, decision.allowed, page.options.value)
  return (
    <p class="bar">
      <Copy label="Copy as expectation" text={JSON.stringify(expectation)} />
      <Copy label="Copy as request" text={JSON.stringify(request)} />
    </p>
  )
}
