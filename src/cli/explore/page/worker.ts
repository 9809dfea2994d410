// Reads, proves and compares what is typed, beside the page, so that typing never waits. It answers questions in the order
// in which they come.
import * as yaml from 'yaml'
import { compileDocument } from '../../../compile/compile.js'
import { diffPolicies } from '../../../diff/index.js'
import type { PolicyDocument } from '../../../document/index.js'
import { exploreData, shownDiff, type ExploreDiff } from '../../../explore/data.js'
import { readLogReport } from '../../../explore/log.js'
import { matrixFor } from '../../../explore/matrix.js'
import { lint } from '../../../lint/index.js'
import { parsePolicyText } from '../../../node/parse-text.js'
import { positionsOf } from '../../../node/positions.js'
import type { Policy } from '../../../policy/types/index.js'
import { runSuite, type Statement, type SuiteFile } from '../../../verify/index.js'
import { completeAt } from '../../lsp/complete.js'
import { findingRemarks, readPolicy } from '../../lsp/diagnose.js'
import { outlineOf } from '../../lsp/outline.js'
import { isWrong, summaryText, whyText } from '../../report/words.js'
import { compileUnder, fixedOptions } from '../../under-options.js'
import { logAddress } from '../edit-state.js'
import type { Draft, Failure, Message, Questions, Reply, Statements } from './reading.js'

async function answer({ kind, ask }: Message): Promise<Questions[Message['kind']]['answer']> {
  switch (kind) {
    case 'read':
      return await read(ask)
    case 'complete':
      return completeAt(yaml, ask.text, ask.offset, ask.format === 'json')
    case 'matrix':
      return matrixFor(compileDocument(ask.document, ask.options), ask.question)
    case 'prove':
      return await prove(ask)
    case 'log':
      return await readLog(ask)
  }
}

async function read(draft: Draft): Promise<Questions['read']['answer']> {
  const { text, format, file, options } = draft
  const outline = outlineOf(yaml, text)
  const { policy, remarks } = await readPolicy(yaml, text, format, outline, mapOf(options))
  if (policy === undefined) return { remarks, data: undefined }
  const positions = positionsOf(yaml, text, outline.document)
  const { findings } = lint(policy)
  const locate = (at: readonly (string | number)[]): { readonly line: number } | undefined => {
    const found = positions.find(at)
    return found && { line: found.line }
  }
  return {
    remarks: findingRemarks(findings, positions),
    data: exploreData(policy, { file, locate, findings })
  }
}

async function prove(ask: Questions['prove']['ask']): Promise<Questions['prove']['answer']> {
  const { text, format, file, options, saved, older, tests } = ask
  const document = await parsePolicyText(text, format)
  const policy = compileUnder(document, fixedOptions([document], mapOf(options)))
  const differenceTo = (name: string, before: PolicyDocument): ExploreDiff => {
    const fixed = fixedOptions([before, document], mapOf(options))
    return shownDiff(name, diffPolicies(compileUnder(before, fixed), policy, { options: fixed }))
  }
  // What is saved may be no policy: then there is nothing to compare with.
  const before = saved === text ? undefined : await parsePolicyText(saved, format).catch(() => undefined)
  return {
    statements: statementsOf(policy, tests),
    unsaved: before && differenceTo(`${file} as it is saved`, before),
    diff: older && differenceTo(older.name, older.document)
  }
}

async function readLog(ask: Questions['log']['ask']): Promise<Questions['log']['answer']> {
  const { text, format, options, logs } = ask
  const document = await parsePolicyText(text, format)
  const policy = compileUnder(document, fixedOptions([document], mapOf(options)))
  return await readLogReport(policy, () =>
    logs.map(({ name }, number) => ({ name, input: piecesOf(name, logAddress(number)) }))
  )
}

/** What an address gives, piece by piece: not every browser can iterate over a body. */
async function* piecesOf(name: string, address: string): AsyncGenerator<Uint8Array> {
  const failed = (): never => {
    throw new Error(`${name} could not be read`)
  }
  const { body, ok } = await fetch(address).catch(failed)
  const reader = ok && body !== null ? body.getReader() : failed()
  for (;;) {
    const piece = await reader.read().catch(failed)
    if (piece.done) return
    yield piece.value
  }
}

function statementsOf(policy: Policy, tests: readonly SuiteFile[]): Statements {
  const result = runSuite(policy, tests)
  return {
    summary: summaryText(result),
    failures: [
      ...result.problems.map(({ file, line, message }): Failure => {
        return { where: `${file}:${line}`, says: message, why: '', asked: undefined }
      }),
      ...result.statements.filter(isWrong).map(failureOf)
    ]
  }
}

function failureOf(statement: Statement): Failure {
  const { file, line, heading, name, counterexample } = statement
  return {
    where: file === undefined ? 'invariant' : `${file}${line === undefined ? '' : `:${line}`}`,
    says: heading === '' ? name : `${heading}: ${name}`,
    why: whyText(statement),
    asked: counterexample && {
      q: JSON.stringify(counterexample.request),
      o: JSON.stringify(counterexample.options)
    }
  }
}

function mapOf(options: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(options))
}

/** What of a worker's world is used. */
interface Port {
  onmessage: ((event: MessageEvent<Message>) => void) | null
  readonly postMessage: (reply: Reply) => void
}

const port: Port = self

port.onmessage = ({ data }) => {
  answer(data).then(
    (given) => {
      port.postMessage({ ok: true, answer: given })
    },
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      port.postMessage({ ok: false, message })
    }
  )
}
