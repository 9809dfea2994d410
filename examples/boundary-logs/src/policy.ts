// The policy of this service, compiled once, and the names that its other files use.
import { compile, type NamesOf, type SubjectOf } from 'casemate'
import coder from '../../../policies/coder/index.js'

export const policy = compile(coder)

export type AppNames = NamesOf<typeof policy>

/** Whoever asks: a person's key, an agent's key, or a service of the application. */
export type AppSubject = SubjectOf<typeof policy>
