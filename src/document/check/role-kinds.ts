// Kinds of roles in words, and at which levels their grants can match.
import type { DocumentLevel } from '../levels.js'
import { isKind, type Context } from './context.js'
import { quoteValue } from '../../problems/quote.js'

/** A role of this kind, in words. */
export function roleOf(kind: string): string {
  if (kind === 'site') return 'a site role'
  return kind === 'org' ? 'an organization role' : `a role of a ${quoteValue(kind)}`
}

/** Why grants at a level can never match; `undefined` where they can. */
export type LevelRule = (level: DocumentLevel) => string | undefined

/** The rule for shipped roles of a kind; any level is right for a kind that is none. */
export function levelRule(kind: unknown, context: Context): LevelRule {
  if (!isKind(kind, context)) return () => undefined
  return ({ place }) => {
    if (place === kind) return undefined
    if (kind !== 'site' && kind !== 'org') return `${roleOf(kind)} reaches that alone`
    if (place === 'site' || place === 'user') return undefined
    return `${roleOf(kind)} is held in no ${place === 'org' ? 'organization' : quoteValue(place)}`
  }
}

/** The rule for roles that are added in one place. */
export function customLevelRule(kind: string, context: Context): LevelRule {
  const rule = levelRule(kind, context)
  if (kind !== 'org') return rule
  return (level) =>
    level.place === 'site' || level.place === 'user'
      ? 'a custom role of an organization reaches that alone'
      : rule(level)
}
