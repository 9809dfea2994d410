// The entry point `casemate/server`: a decision server as one function, for those who do not speak TypeScript.
export { createHandler } from './handler.js'
export { storedSubjects } from './stored-subjects.js'
export type { StoredSubjectsSettings, SubjectStore } from './stored-subjects.js'
export { openApi } from './openapi.js'
export type { QuestionError } from './refusal.js'
export type {
  Action,
  AskedSubject,
  DecisionSource,
  Entity,
  Find,
  Handler,
  HandlerSettings,
  List,
  Listed,
  MaybePromise,
  Properties,
  Rate,
  SourceOf,
  Store,
  TokenCheck
} from './types.js'
