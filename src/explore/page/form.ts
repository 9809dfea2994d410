// What each part of the form of a question gets.
import type { ExploreRequest } from '../request.js'
import type { Page } from './state.js'

/** The question, and what becomes of a change of it. */
export interface FormProps {
  readonly page: Page
  readonly request: ExploreRequest
  readonly set: (request: ExploreRequest) => void
}
