// The settings of a handler, checked, each with its default.
import { randomBytes } from 'node:crypto'
import { quoteValue } from '../problems/quote.js'
import { settingsError } from '../problems/settings-error.js'
import type { HandlerSettings } from './types.js'

/** The settings with their defaults. */
export interface ReadySettings {
  readonly identifier: string | undefined
  /** The path of the identifier, without a slash at its end. */
  readonly base: string
  readonly tokens: HandlerSettings['tokens']
  readonly maxBody: number
  readonly maxEvaluations: number
  readonly paging: { readonly secret: string; readonly pageSize: number; readonly maxScanned: number }
  readonly rate: HandlerSettings['rate']
  readonly isReady: () => boolean
  readonly moreMetrics: () => string
  readonly report: (error: unknown) => void
  readonly clock: () => number
}

/** @throws CasemateError `invalid_settings`. */
export function readSettings(settings: HandlerSettings): ReadySettings {
  const { identifier, tokens, rate, pageSecret, onError } = settings
  if (Array.isArray(tokens) && (tokens.length === 0 || tokens.some((token) => !isToken(token))))
    throw settingsError('tokens', 'expected tokens without white space, at least one', tokens)
  if (pageSecret === '') throw settingsError('pageSecret', 'empty', pageSecret)
  if (rate !== undefined) {
    requirePositive('rate.perSecond', rate.perSecond)
    requirePositive('rate.burst', rate.burst ?? 1)
  }
  return {
    identifier,
    base: identifier === undefined ? '' : pathOfIdentifier(identifier),
    tokens,
    maxBody: requireCount('maxBody', settings.maxBody ?? 1 << 20),
    maxEvaluations: requireCount('maxEvaluations', settings.maxEvaluations ?? 1000),
    paging: {
      secret: pageSecret ?? randomBytes(32).toString('base64'),
      pageSize: requireCount('pageSize', settings.pageSize ?? 1000),
      maxScanned: requireCount('maxScanned', settings.maxScanned ?? 10_000)
    },
    rate,
    isReady: settings.isReady ?? (() => true),
    moreMetrics: settings.moreMetrics ?? (() => ''),
    report: (error) => {
      // Who listens must not change an answer.
      try {
        onError?.(error)
      } catch {
        return
      }
    },
    clock: settings.clock ?? (() => performance.now())
  }
}

function isToken(token: unknown): boolean {
  return typeof token === 'string' && /^\S+$/.test(token)
}

function pathOfIdentifier(identifier: string): string {
  let url: URL
  try {
    url = new URL(identifier)
  } catch {
    throw settingsError('identifier', `expected a URL, not ${quoteValue(identifier)}`, identifier)
  }
  if (!/^https?:$/.test(url.protocol) || /[?#]/.test(identifier) || url.username !== '')
    throw settingsError('identifier', 'expected a URL of http or https without query', identifier)
  return url.pathname.replace(/\/$/, '')
}

function requireCount(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1)
    throw settingsError(name, `expected a whole number above 0, not ${quoteValue(value)}`, value)
  return value
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity))
    throw settingsError(name, `expected a number above 0, not ${quoteValue(value)}`, value)
}
