// Lines of a log → the decisions in it, each with its subject, as a policy reads them. One pass, whatever the order of
// the lines: a decision waits for the line that says who its subject is. A log comes from outside, so whatever is wrong
// with a line is named and costs that line alone, and what is kept while reading is bounded.
import { compiledOf } from '../compile/compile.js'
import type { Policy, Subject } from '../policy/types/index.js'
import { isCasemateError } from '../errors.js'
import { ownField } from '../problems/own-fields.js'
import { isPlainObject } from '../problems/plain.js'
import { quoteValue } from '../problems/quote.js'
import { RequestProblems } from '../problems/request-problems.js'
import { readQuestion, toObjectRef } from '../request/question.js'
import { parseJson } from '../text/json.js'
import { lineProblem, readLines, type Input, type Line } from '../text/lines.js'
import type { ObjectRef } from '../types.js'
import { isCount, readDecisionLine, type Place, type RecordedDecision } from './decision-line.js'
import { idsNamedBy } from './named-ids.js'
import { SubjectsOfLog } from './subjects-of-log.js'

/** A log, or a part of one. */
export interface NamedLog {
  /** For messages; a file's name. */
  readonly name: string
  /** UTF-8, one line of JSON after another: a stream of a file. */
  readonly input: Input
}

/** A line that cannot be used, and why. */
export interface LogProblem extends Place {
  /** What is wrong with the line. */
  readonly message: string
}

/** What becomes of the decisions of a log. */
export interface LogVisitor {
  /** The policy can be asked the question again. */
  readonly decision: (recorded: RecordedDecision, subject: Subject, action: string, object: ObjectRef) => void
  /** It cannot: it lacks the role, the resource or whatever `code` says. */
  readonly unanswerable: (recorded: RecordedDecision, code: string, message: string) => void
  /** How often a permission was asked for, written or not. */
  readonly count?: (permission: string, allowed: number, denied: number) => void
}

/** What a log is, apart from its decisions. */
export interface LogFacts {
  /** Lines with something on them. */
  readonly lines: number
  /** The policies that answered, by hash, and how many lines have their answers. */
  readonly policies: readonly { readonly key: string; readonly name?: string; readonly decisions: number }[]
  /** Whether not all that was allowed is in it. */
  readonly isSampled: boolean
  /** Ids that the policy names, and that the log may have as pseudonyms: what depends on them is not seen. */
  readonly hidden: readonly string[]
  /** How many lines the recorder lost. */
  readonly dropped: number
  /** What is wrong with the first lines that cannot be used. */
  readonly problems: readonly LogProblem[]
  /** How many cannot. */
  readonly damaged: number
}

/** Problems that are told one by one; the rest are only counted. */
const mostProblems = 100
/** Characters of decisions that wait for their subject. */
const mostWaiting = 64 * 1024 * 1024
/** Policies that are told apart. */
const mostPolicies = 1_000

interface Waiting extends Place {
  readonly text: string
}

/** Reads logs to their end, as one. */
export async function readLogs(
  policy: Policy,
  logs: readonly NamedLog[],
  visitor: LogVisitor
): Promise<LogFacts> {
  const reader = new LogReader(policy, visitor)
  for (const { name, input } of logs) {
    let number = 0
    for await (const lines of readLines(input))
      for (const line of lines) reader.read(line, { log: name, line: ++number })
  }
  return reader.end()
}

class LogReader {
  readonly #compiled
  readonly #visitor: LogVisitor
  readonly #subjects: SubjectsOfLog
  readonly #policies = new Map<string, { name?: string; decisions: number; first: Place | undefined }>()
  readonly #waiting = new Map<string, Waiting[]>()
  #waitingSize = 0
  readonly #problems: LogProblem[] = []
  #damaged = 0
  #lines = 0
  #dropped = 0
  #isSampled = false
  readonly #hidden = new Set<string>()

  constructor(policy: Policy, visitor: LogVisitor) {
    this.#compiled = compiledOf(policy)
    this.#visitor = visitor
    this.#subjects = new SubjectsOfLog(policy)
  }

  read(line: Line, place: Place): void {
    if (typeof line !== 'string') {
      this.#refuse(place, lineProblem(line))
      return
    }
    if (line.trim() === '') return
    this.#lines++
    const fault = this.#readText(line, place)
    if (fault !== undefined) this.#refuse(place, fault)
  }

  /** What is wrong with the line. */
  #readText(text: string, place: Place): string | undefined {
    const data = parseJson(text)
    if (!data.ok) return data.message
    if (!isPlainObject(data.value)) return 'expected a line of a log, `{ "v": 1, "kind": … }`'
    const line = data.value
    const version = ownField(line, 'v')
    if (version !== 1) return `v: expected \`1\`, not ${quoteValue(version)}`
    const kind = ownField(line, 'kind')
    if (kind === 'decision') return this.#readDecision(line, text, place)
    if (kind === 'subject' || kind === 'role') return this.#readHead(kind, line)
    if (kind === 'policy') return this.#readPolicy(line)
    if (kind === 'count') return this.#readCount(line)
    if (kind === 'loss') return this.#readLoss(line)
    return `kind: unknown kind of line ${quoteValue(kind)}`
  }

  #readHead(kind: 'subject' | 'role', line: Readonly<Record<string, unknown>>): string | undefined {
    const key = ownField(line, 'key')
    if (typeof key !== 'string' || key === '') return `key: expected a key, not ${quoteValue(key)}`
    const fault = this.#subjects.add(kind, key, line)
    if (fault !== undefined) return fault
    const name = `${kind} ${key}`
    const waiting = this.#waiting.get(name)
    if (waiting === undefined) return undefined
    this.#waiting.delete(name)
    for (const { text, log, line } of waiting) {
      this.#waitingSize -= text.length
      // It was read before, and waited for this line alone.
      const again = this.#readText(text, { log, line })
      if (again !== undefined) this.#refuse({ log, line }, again)
    }
    return undefined
  }

  #readPolicy(line: Readonly<Record<string, unknown>>): string | undefined {
    const key = ownField(line, 'key')
    const name = ownField(line, 'name')
    const share = ownField(line, 'allowed')
    if (typeof key !== 'string' || key === '') return `key: expected a key, not ${quoteValue(key)}`
    if (typeof name !== 'string') return `name: expected a name, not ${quoteValue(name)}`
    if (typeof share !== 'number') return `allowed: expected a share, not ${quoteValue(share)}`
    if (share < 1) this.#isSampled = true
    if (ownField(line, 'masked') === true) this.#hide(ownField(line, 'kept'))
    const known = this.#policyOf(key)
    if (known === undefined) return `key: more than ${mostPolicies} policies`
    known.name = name
    return undefined
  }

  /** A masked log has in clear what the policy named that answered. */
  #hide(kept: unknown): void {
    const ids: ReadonlySet<unknown> = new Set(Array.isArray(kept) ? kept : [])
    for (const id of idsNamedBy(this.#compiled)) if (!ids.has(id)) this.#hidden.add(id)
  }

  #policyOf(key: string): { name?: string; decisions: number; first: Place | undefined } | undefined {
    const known = this.#policies.get(key)
    if (known !== undefined || this.#policies.size >= mostPolicies) return known
    const made = { decisions: 0, first: undefined }
    this.#policies.set(key, made)
    return made
  }

  #readCount(line: Readonly<Record<string, unknown>>): string | undefined {
    const [permission, allowed, denied] = ['permission', 'allowed', 'denied'].map((key) =>
      ownField(line, key)
    )
    if (typeof permission !== 'string')
      return `permission: expected a permission, not ${quoteValue(permission)}`
    if (!isCount(allowed)) return `allowed: expected a number, not ${quoteValue(allowed)}`
    if (!isCount(denied)) return `denied: expected a number, not ${quoteValue(denied)}`
    this.#visitor.count?.(permission, allowed, denied)
    return undefined
  }

  #readLoss(line: Readonly<Record<string, unknown>>): string | undefined {
    const lines = ownField(line, 'lines')
    if (!isCount(lines)) return `lines: expected a number, not ${quoteValue(lines)}`
    this.#dropped += lines
    return undefined
  }

  #readDecision(line: Readonly<Record<string, unknown>>, text: string, place: Place): string | undefined {
    const decision = readDecisionLine(line, place)
    if (typeof decision === 'string') return decision
    const { subject } = decision
    const lacking = this.#subjects.lacking(subject)
    if (lacking !== undefined) return this.#wait(lacking, text, place)
    const answeredBy = this.#policyOf(decision.policy)
    if (answeredBy === undefined) return `policy: more than ${mostPolicies} policies`
    answeredBy.decisions++
    answeredBy.first ??= place
    if (decision.weight > 1) this.#isSampled = true
    this.#visit(decision, subject)
    return undefined
  }

  #wait(lacking: string, text: string, { log, line }: Place): string | undefined {
    if (this.#waitingSize + text.length > mostWaiting)
      return `subject: ${quoteValue(lacking)} is not described, and too many decisions wait for such lines`
    this.#waitingSize += text.length
    const others = this.#waiting.get(lacking)
    if (others === undefined) this.#waiting.set(lacking, [{ text, log, line }])
    else others.push({ text, log, line })
    return undefined
  }

  #visit(recorded: RecordedDecision, key: string): void {
    const asked = this.#subjects.get(key)
    if (!asked.ok) {
      this.#visitor.unanswerable(recorded, asked.code, asked.message)
      return
    }
    const problems = new RequestProblems()
    const question = readQuestion(this.#compiled, recorded.action, recorded.object, questionMode, problems)
    const [problem] = problems.list.length === 0 ? [] : problems.inOrder()
    if (question === undefined || problem !== undefined) {
      this.#visitor.unanswerable(
        recorded,
        problem?.code ?? 'invalid_request',
        problem?.message ?? 'no question'
      )
      return
    }
    const object = toObjectRef(this.#compiled, question, question.permission.resource)
    try {
      this.#visitor.decision(recorded, asked.subject, question.permission.action, object)
    } catch (error) {
      if (!isCasemateError(error)) throw error
      this.#visitor.unanswerable(recorded, error.code, error.message)
    }
  }

  #refuse({ log, line }: Place, message: string): void {
    this.#damaged++
    if (this.#problems.length < mostProblems) this.#problems.push({ log, line, message })
  }

  end(): LogFacts {
    for (const [name, waiting] of this.#waiting)
      for (const place of waiting)
        this.#refuse(place, `no line of the log describes the ${quoteLacking(name)}`)
    this.#waiting.clear()
    const policies = [...this.#policies].map(([key, { name, decisions, first }]) => {
      if (name === undefined && first !== undefined)
        this.#refuse(first, `no line of the log describes the policy ${quoteValue(key)}`)
      return { key, ...(name === undefined ? {} : { name }), decisions }
    })
    return {
      lines: this.#lines,
      policies,
      isSampled: this.#isSampled,
      hidden: [...this.#hidden],
      dropped: this.#dropped,
      problems: this.#problems,
      damaged: this.#damaged
    }
  }
}

const questionMode = { objectPath: ['object'], actionPath: ['action'], isOutside: true, readsId: true }

function quoteLacking(name: string): string {
  const space = name.indexOf(' ')
  return `${name.slice(0, space)} ${quoteValue(name.slice(space + 1))}`
}
