// The metadata of a server: its endpoints, as far as there are any.
import type { ReadySource } from './source.js'

/** The document of `/.well-known/authzen-configuration`. */
export function metadataOf(
  identifier: string,
  tenant: string | undefined,
  source: ReadySource
): Readonly<Record<string, string>> {
  const own = identifier.replace(/\/$/, '')
  const decider = tenant === undefined ? identifier : `${own}/${encodeURIComponent(tenant)}`
  const at = (name: string): string => `${decider.replace(/\/$/, '')}/access/v1/${name}`
  return {
    policy_decision_point: decider,
    access_evaluation_endpoint: at('evaluation'),
    access_evaluations_endpoint: at('evaluations'),
    ...(source.listSubjects === undefined ? {} : { search_subject_endpoint: at('search/subject') }),
    ...(source.listResources === undefined ? {} : { search_resource_endpoint: at('search/resource') }),
    search_action_endpoint: at('search/action')
  }
}
