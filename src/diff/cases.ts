// Which combinations of settings can be told apart, as a decision tree. Of the lines under one key, the line of the
// last variant that applies counts. So variants are asked from the last to the first, each only where those after it do
// not apply, and options that none of them asks about are not tried: ten options with one variant each give eleven
// cases and not a thousand.
//
// The cases of a tree exclude each other and together cover every combination. A reduced tree leaves out the questions
// whose answer changes nothing in what is compared.
import { mostCases, tooManyCases, type Compared, type Work } from './limits.js'
import type { OptionValue } from '../types.js'

/** A question about one variable: whether its value is one of these keys. */
export interface Question {
  readonly variable: string
  readonly keys: ReadonlySet<OptionValue>
}

/** Something that applies if all of its questions are answered with yes. */
export interface Layer {
  readonly when: readonly Question[]
}

/** One policy's part of what is compared. */
export interface Stack {
  /** If one of these is answered with yes, the request is an error, whatever the layers say. */
  readonly fails: readonly Question[]
  /** The layers under each key, the one on top first. */
  readonly piles: readonly (readonly Layer[])[]
}

export type Tree<T> =
  | { readonly kind: 'case'; readonly value: T }
  | { readonly kind: 'question'; readonly question: Question; readonly yes: Tree<T>; readonly no: Tree<T> }

/** By variable, its keys in order, the plainest first. */
export type Domains = ReadonlyMap<string, readonly OptionValue[]>

/** The keys that remain for each variable that was asked about. */
export type Remaining = ReadonlyMap<string, ReadonlySet<OptionValue>>

/** The tree of some stacks; `make` says what a case is. @throws CasemateError `too_many_cases`. */
export function growTree<T>(
  stacks: readonly Stack[],
  domains: Domains,
  work: Work,
  tell: () => Compared,
  make: (remaining: Remaining) => T
): Tree<T> {
  let count = 0
  // Of thousands of variables, few are asked about.
  const all = new Map<string, ReadonlySet<OptionValue>>()
  const allOf = (variable: string): ReadonlySet<OptionValue> | undefined => {
    const cached = all.get(variable)
    const keys = cached === undefined ? domains.get(variable) : undefined
    if (keys === undefined) return cached
    const made = new Set(keys)
    all.set(variable, made)
    return made
  }
  const openIn = (remaining: Remaining): Question | undefined =>
    firstOpen(stacks, (one) => {
      work.spend(1 + one.keys.size, tell)
      return answer(one, remaining.get(one.variable) ?? allOf(one.variable))
    })
  const grow = (from: Remaining): Tree<T> => {
    // The answers "no" are followed in a loop: for an option of thousands of values a recursion would keep what remains
    // after each of them.
    const asked: { readonly question: Question; readonly yes: Tree<T> }[] = []
    let remaining = from
    for (;;) {
      const question = openIn(remaining)
      if (question === undefined) break
      const { variable, keys } = question
      const left = remaining.get(variable) ?? allOf(variable) ?? new Set()
      work.spend(2 * left.size + remaining.size, tell)
      const [yes, no] = split(left, keys)
      asked.push({ question, yes: grow(new Map(remaining).set(variable, yes)) })
      remaining = new Map(remaining).set(variable, no)
    }
    if (++count > mostCases) throw tooManyCases(tell(), `more than ${mostCases} combinations`)
    const last: Tree<T> = { kind: 'case', value: make(remaining) }
    return asked.reduceRight<Tree<T>>(
      (no, { question, yes }) => ({ kind: 'question', question, yes, no }),
      last
    )
  }
  return grow(new Map())
}

type Answer = 'yes' | 'no' | 'open'

function answer({ keys }: Question, left: ReadonlySet<OptionValue> | undefined): Answer {
  if (left === undefined) return 'no'
  let inside = 0
  for (const key of keys) if (left.has(key)) inside++
  return inside === 0 ? 'no' : inside === left.size ? 'yes' : 'open'
}

/** The first question whose answer can still matter. */
function firstOpen(stacks: readonly Stack[], ask: (question: Question) => Answer): Question | undefined {
  for (const stack of stacks) {
    const open = openIn(stack, ask)
    if (open !== undefined) return open
  }
  return undefined
}

function openIn({ fails, piles }: Stack, ask: (question: Question) => Answer): Question | undefined {
  for (const question of fails) {
    const answered = ask(question)
    if (answered === 'yes') return undefined
    if (answered === 'open') return question
  }
  for (const pile of piles)
    for (const { when } of pile) {
      const answers = when.map((question) => ({ question, answered: ask(question) }))
      if (answers.some(({ answered }) => answered === 'no')) continue
      const open = answers.find(({ answered }) => answered === 'open')
      if (open !== undefined) return open.question
      break
    }
  return undefined
}

function split(
  left: ReadonlySet<OptionValue>,
  keys: ReadonlySet<OptionValue>
): [yes: ReadonlySet<OptionValue>, no: ReadonlySet<OptionValue>] {
  const yes = new Set<OptionValue>()
  const no = new Set<OptionValue>()
  for (const key of left) (keys.has(key) ? yes : no).add(key)
  return [yes, no]
}

/** The cases that differ in `value`, the plainest first, each with what remains of the variables that matter. */
export function tellApart<T>(
  tree: Tree<T>,
  domains: Domains,
  value: (one: T) => number,
  work: Work,
  tell: () => Compared
): { readonly value: T; readonly remaining: Remaining }[] {
  const reduced = reduce(tree, domains, value)
  const found: { value: T; remaining: Remaining }[] = []
  const walk = (node: Tree<T>, remaining: Remaining): void => {
    if (node.kind === 'case') {
      found.push({ value: node.value, remaining })
      return
    }
    const { variable, keys } = node.question
    const left = remaining.get(variable) ?? new Set(domains.get(variable))
    work.spend(2 * left.size + remaining.size, tell)
    const [yes, no] = split(left, keys)
    const branches = [[node.yes, yes] as const, [node.no, no] as const]
    const [first] = left
    // A question may be answered by earlier ones, and then has one branch only. The plainest branch comes first.
    if (first !== undefined && !yes.has(first)) branches.reverse()
    for (const [branch, keys] of branches)
      if (keys.size > 0) walk(branch, new Map(remaining).set(variable, keys))
  }
  walk(reduced, new Map())
  return found
}

/** The tree without questions that change nothing of the values; of equal cases the plainer one stays. */
function reduce<T>(tree: Tree<T>, domains: Domains, value: (one: T) => number): Tree<T> {
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
  const questions = new Map<ReadonlySet<OptionValue>, number>()
  const visit = (node: Tree<T>): { readonly node: Tree<T>; readonly id: number } => {
    if (node.kind === 'case') return { node, id: numberOf(`=${value(node.value)}`) }
    const { question } = node
    const [yes, no] = [visit(node.yes), visit(node.no)]
    if (yes.id === no.id) {
      const first = domains.get(question.variable)?.[0]
      return first !== undefined && question.keys.has(first) ? yes : no
    }
    const asked = questions.get(question.keys) ?? questions.size
    questions.set(question.keys, asked)
    return {
      node: yes.node === node.yes && no.node === node.no ? node : { ...node, yes: yes.node, no: no.node },
      id: numberOf(`${JSON.stringify(question.variable)} ${asked} ${yes.id} ${no.id}`)
    }
  }
  return visit(tree).node
}
