// The component schemas for an API that creates keys: resources, actions, scopes, and the request for a key. They
// contain as many of the rules as JSON Schema can express; the parser of the request checks the rest.
import type { Policy } from '../../policy/types/index.js'
import { longestAllowList } from '../../document/ids.js'
import { leastLifetime, shortestLifetime } from '../../scopes/lifetime.js'
import { enumerationsOf, listAliases, listScopes } from '../names.js'

export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json }

/** What a token request may ask for; the numbers are those of `tokenRequestSchema`. */
export interface OpenApiSettings {
  /** The longest lifetime, in nanoseconds. */
  readonly maxLifetime: number
  /** The lifetime of a token whose request names none, or 0; in nanoseconds. */
  readonly defaultLifetime: number
  /** Whether a lifetime may be under a minute; so too where the default is. */
  readonly allowShortLifetimes?: boolean | undefined
  /** The most entries of an allow list. */
  readonly maxEntries?: number | undefined
}

export const componentNames = [
  'RBACResource',
  'RBACAction',
  'APIKeyScope',
  'APIAllowListTarget',
  'CreateTokenRequest'
] as const

export type Components = Readonly<Record<(typeof componentNames)[number], Json>>

export function componentSchemas(policy: Policy, settings: OpenApiSettings): Components {
  const { RBACResource, RBACAction } = enumerationsOf(policy)
  return {
    RBACResource: {
      description: 'A kind of object, or `*` for every kind.',
      type: 'string',
      enum: RBACResource
    },
    RBACAction: {
      description: 'What can be done with an object; each kind of object has some of these.',
      ...(RBACAction.length === 0 ? { not: {} } : { type: 'string', enum: RBACAction })
    },
    APIKeyScope: { description: 'What a key is limited to.', ...scopeSchema(policy) },
    APIAllowListTarget: targetSchema(policy),
    CreateTokenRequest: requestSchema(policy, settings)
  }
}

/** Every scope, or those that a user may ask for; an alias is another name of one and deprecated. */
function scopeSchema(policy: Policy, onlyPublic = false): { readonly [key: string]: Json } {
  const isMeant = ({ isPublic }: { readonly isPublic: boolean }): boolean => isPublic || !onlyPublic
  const names = listScopes(policy).filter(isMeant)
  // An empty `enum` is no schema to some validators.
  if (names.length === 0) return { not: {} }
  const values = { type: 'string', enum: names.map(({ name }) => name) }
  const aliases = listAliases(policy).filter(({ scope }) => isMeant(scope))
  if (aliases.length === 0) return values
  const others = aliases.map(({ name, scope }) => ({
    type: 'string',
    const: name,
    deprecated: true,
    description: `Another name of \`${scope.name}\`, which is the one that is stored.`
  }))
  return { anyOf: [values, ...others] }
}

const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

/** What matches an id in an entry, without anchors. */
function idPattern(policy: Policy): string {
  return policy.document.ids === 'uuid' ? `(?:\\*|${uuid})` : '[\\s\\S]+'
}

function targetSchema(policy: Policy): Json {
  return {
    description: 'Objects that a key may touch: those of a type, with an id; `*` is every type or every id.',
    type: 'object',
    properties: {
      type: { $ref: '#/components/schemas/RBACResource' },
      id: { type: 'string', pattern: `^${idPattern(policy)}$` }
    },
    required: ['type', 'id'],
    additionalProperties: false
  }
}

function requestSchema(policy: Policy, settings: OpenApiSettings): Json {
  const { maxLifetime, defaultLifetime, maxEntries = longestAllowList } = settings
  const { allowShortLifetimes = defaultLifetime < shortestLifetime } = settings
  const { defaultScopes } = policy.document
  const types = enumerationsOf(policy).RBACResource.map((type) => type.replace('*', '\\*'))
  const standard = defaultScopes?.map((name) => policy.scopes.canonical(name))
  return {
    description: 'A request for a key; whatever it leaves out has its default.',
    type: 'object',
    properties: {
      scopes: {
        description: 'Each a scope that a user may ask for.',
        type: 'array',
        items: scopeSchema(policy, true),
        minItems: 1,
        ...(standard === undefined ? {} : { default: standard })
      },
      scope: {
        description: 'One scope, in place of a list of one. Ignored where `scopes` is given.',
        type: 'string',
        deprecated: true
      },
      allow_list: {
        description: 'The objects that the key may touch, as `type:id` or as type and id.',
        type: 'array',
        items: {
          anyOf: [
            { $ref: '#/components/schemas/APIAllowListTarget' },
            { type: 'string', pattern: `^(?:${types.join('|')}):${idPattern(policy)}$` }
          ]
        },
        minItems: 1,
        maxItems: maxEntries,
        default: ['*:*']
      },
      lifetime: {
        description: 'In nanoseconds; 0 is the default.',
        type: 'integer',
        ...leastLifetime({ allowShortLifetimes }),
        maximum: maxLifetime,
        default: defaultLifetime
      },
      token_name: {
        description: 'Letters, digits and single hyphens inside.',
        type: 'string',
        minLength: 1,
        maxLength: 32,
        pattern: '^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$'
      }
    },
    if: { required: ['scopes'] },
    else: {
      properties: { scope: scopeSchema(policy, true) },
      ...(standard === undefined ? { required: ['scope'] } : {})
    },
    additionalProperties: false
  }
}
