// Decisions → log records of OpenTelemetry. It needs no package: a logger of `@opentelemetry/api-logs` has this form.
import { ownField } from '../problems/own-fields.js'
import { isPlainObject } from '../problems/plain.js'
import type { Sink } from './types.js'

/** A log record, as `Logger.emit` of `@opentelemetry/api-logs` takes it. */
export interface OtelLogRecord {
  /** When it was decided, in milliseconds since 1970. */
  readonly timestamp: number
  /** By the numbers of OpenTelemetry: that of an information, or of a warning. */
  readonly severityNumber: number
  /** The same in words. */
  readonly severityText: string
  /** The line of the log, as JSON. */
  readonly body: string
  /** What of it a log store can search for. */
  readonly attributes: Record<string, string | number | boolean>
}

/** A logger: `logs.getLogger('casemate')` of `@opentelemetry/api-logs`. */
export interface OtelLogger {
  /** Hands a record to whatever exports it. */
  emit(record: OtelLogRecord): void
}

/** INFO and WARN of OpenTelemetry. */
const severities = { allowed: [9, 'INFO'], denied: [13, 'WARN'] } as const

/** Subjects whose ids are remembered. */
const mostSubjects = 10_000

/**
 * A sink that emits a log record for each line, its body the line itself, so that the bodies are a log that can be
 * replayed. That of a decision has attributes named as in the AuthZEN request: `subject.id`, `action.name`,
 * `resource.type`, `resource.id` and `decision`, and `user.id` of the semantic conventions. A refusal is a warning.
 */
export function otelSink(logger: OtelLogger): Sink {
  const ids = new Map<string, string>()
  return (lines, heads) => {
    if (ids.size === 0) for (const line of heads()) noteSubject(ids, read(line))
    for (const line of lines) {
      const data = read(line)
      noteSubject(ids, data)
      logger.emit(recordOf(line, data, ids))
    }
  }
}

type Data = Readonly<Record<string, unknown>>

/** A line that a recorder made. */
function read(line: string): Data {
  const data: unknown = JSON.parse(line)
  return isPlainObject(data) ? data : {}
}

function noteSubject(ids: Map<string, string>, data: Data): void {
  const key = ownField(data, 'key')
  const subject = ownField(data, 'subject')
  if (typeof key !== 'string' || !isPlainObject(subject)) return
  const id = ownField(subject, 'id')
  if (ids.size >= mostSubjects) ids.clear()
  ids.set(key, typeof id === 'string' ? id : '')
}

function recordOf(body: string, data: Data, ids: ReadonlyMap<string, string>): OtelLogRecord {
  const isDenied = ownField(data, 'allowed') === false
  const [severityNumber, severityText] = severities[isDenied ? 'denied' : 'allowed']
  const time = ownField(data, 'time')
  return {
    timestamp: typeof time === 'number' ? time : Date.now(),
    severityNumber,
    severityText,
    body,
    attributes: ownField(data, 'kind') === 'decision' ? attributesOf(data, ids) : {}
  }
}

function attributesOf(data: Data, ids: ReadonlyMap<string, string>): Record<string, string | boolean> {
  const object = ownField(data, 'object')
  const key = ownField(data, 'subject')
  const id = typeof key === 'string' ? (ids.get(key) ?? '') : ''
  const field = (name: string): unknown => (isPlainObject(object) ? ownField(object, name) : undefined)
  const texts: [string, unknown][] = [
    ['subject.id', id],
    ['user.id', id],
    ['action.name', ownField(data, 'action')],
    ['resource.type', field('type')],
    ['resource.id', field('id')]
  ]
  return {
    ...Object.fromEntries(
      texts.flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' && value !== '' ? [[name, value]] : []
      )
    ),
    decision: ownField(data, 'allowed') === true
  }
}
