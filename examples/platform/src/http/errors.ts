// Every way in which a request is not done → the same shape of answer. What is no known way is logged, and says nothing.
import { isForbidden, type ActionOf, type ResourceOf } from 'casemate'
import { missingScopes } from 'casemate/scopes'
import type { ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { ApiError, NotFoundError, type Validation } from '../api-error.js'
import type { AppSubject, policy } from '../policy.js'
import type { Api, AppEnv } from './environment.js'

interface Body {
  readonly message: string
  readonly detail: string
  readonly validations: Validation[]
}

const bodyOf = ({ message, detail, validations }: ApiError): Body => ({
  message,
  detail,
  validations: [...validations]
})

/** An address that there is with another method is no unknown one. Of two paths that fit, it is the one with less open. */
export function answerNotFound({ openAPIRegistry }: Api): NotFoundHandler<AppEnv> {
  const routes = openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route' ? [definition.route] : []
  )
  return (context) => {
    const fitting = routes.filter(({ path }) =>
      new RegExp(`^${path.replaceAll(parameters, '[^/]+')}$`).test(context.req.path)
    )
    const least = Math.min(...fitting.map(openIn))
    const methods = fitting
      .filter((route) => openIn(route) === least)
      .map(({ method }) => method.toUpperCase())
    if (methods.length === 0) return context.json(bodyOf(new NotFoundError()), 404)
    const error = new ApiError(405, 'This address has no such method.')
    return context.json(bodyOf(error), 405, { allow: [...new Set(methods)].join(', ') })
  }
}

const parameters = /\{\w+\}/g

function openIn({ path }: { readonly path: string }): number {
  return path.match(parameters)?.length ?? 0
}

export const answerError: ErrorHandler<AppEnv> = (error, context) => {
  const known = knownError(error)
  if (known !== undefined) {
    return context.json(bodyOf(known), known.status, {
      ...(known.status === 401 ? { 'www-authenticate': 'Session' } : {}),
      ...(known.retryAfter === undefined ? {} : { 'retry-after': String(known.retryAfter) })
    })
  }
  console.error(error)
  return context.json({ message: 'Something went wrong.', detail: '', validations: [] }, 500)
}

function knownError(error: Error): ApiError | undefined {
  if (error instanceof ApiError) return error
  if (isForbidden(error)) {
    const { action, object } = error.decision
    return new ApiError(403, `You may not ${action} this ${object.type}.`, {
      detail: `None of your roles and keys lets you ${action} it, though you may see it.`
    })
  }
  if (error instanceof HTTPException && (error.status === 400 || error.status === 415))
    return new ApiError(error.status, 'The body is no JSON.', { detail: error.message })
  const { constraint } = error as { readonly constraint?: string }
  if (constraint === 'one_link_each')
    return new ApiError(409, 'Somebody else has just signed in to this account.')
  if (constraint === 'somebody_governs')
    return new ApiError(409, 'Somebody must remain who may give every role.', {
      detail: 'Give somebody else this power first.'
    })
  return undefined
}

/** A refusal that depends on who asks alone: what their key lacks, or that no role of theirs has it. */
export function explainRefusal<R extends ResourceOf<typeof policy>>(
  subject: AppSubject,
  action: ActionOf<typeof policy, R>,
  object: { readonly type: R }
): ApiError {
  const lacking = missingScopes(subject, action, object)
  const what = `${object.type}:${action}`
  if (lacking === undefined)
    return new ApiError(403, `You may not ${action} any ${object.type}.`, {
      detail: `It needs a role that allows ${what}.`
    })
  const scopes = lacking.scopes.slice(0, 5).join(', ')
  return new ApiError(403, `This key does not let you ${action} any ${object.type}.`, {
    detail: lacking.isOutsideScope
      ? `It needs ${what}, which one of these scopes has: ${scopes}.`
      : `Its allow list lacks ${String(lacking.allowListEntry)}.`
  })
}
