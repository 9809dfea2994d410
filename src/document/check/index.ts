// All checks of a document besides its shape, one concern per file; each reads the unchanged document.
import type { Problems } from '../../problems/problems.js'
import { createContext } from './context.js'
import { checkAcls } from './acl.js'
import { checkAttributes } from './attributes.js'
import { checkContainers } from './containers.js'
import { checkImplies } from './implies.js'
import { checkIncludes } from './includes.js'
import { checkInvariants, checkLint } from './invariants.js'
import { checkNames } from './names.js'
import { checkOptions } from './options.js'
import { checkAssignPermissions, checkRoles, checkSystemSubjects } from './roles.js'
import { checkScopes } from './scopes.js'
import { checkTemplates } from './templates.js'

/** Adds every problem of meaning: of names, resources, options, roles, scopes, templates and invariants. */
export function checkMeaning(document: unknown, problems: Problems): void {
  const context = createContext(document, problems)
  const checks = [
    checkContainers,
    checkNames,
    checkAttributes,
    checkAcls,
    checkImplies,
    checkOptions,
    checkRoles,
    checkIncludes,
    checkAssignPermissions,
    checkSystemSubjects,
    checkScopes,
    checkTemplates,
    checkInvariants,
    checkLint
  ]
  for (const check of checks) check(context)
}
