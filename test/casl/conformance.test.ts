// An ability, and a copy of its rules in a browser, against the oracle: about objects as `can`, about bare types as
// `canSome`. Where `can` throws, the answer means nothing.
import { createMongoAbility, type MongoAbility } from '@casl/ability'
import { describe } from 'vitest'

import { abilityOptions, toAbilityObject } from '../../src/casl/client/index.js'
import { abilityFor } from '../../src/casl/index.js'
import type { Subject } from '../../src/index.js'
import { conform } from '../decide/conformance.js'
import type { Question } from '../model.js'
import { asGiven, policyOf, subjectOf } from '../support/engine.js'
import { throughJson } from './readings.js'

describe('an ability', () => {
  agree('an ability', (subject) => {
    const ability: MongoAbility = abilityFor(subject)
    return { can: (action, object) => ability.can(action, asGiven(object)) }
  })
  agree("a JSON copy of an ability's rules", (subject) => {
    const copy = createMongoAbility(throughJson(abilityFor(subject).rules), abilityOptions)
    const see = (object: unknown): unknown =>
      typeof object === 'string' ? object : throughJson(toAbilityObject(asGiven(object)))
    return { can: (action, object) => copy.can(action, asGiven(see(object))) }
  })
})

interface Asked {
  readonly can: (action: string, object: unknown) => boolean
}

function agree(name: string, toAsked: (subject: Subject) => Asked): void {
  conform(
    `${name}, asked about objects`,
    (world) => {
      const policy = policyOf(world)
      return { can: (of) => askedBy(policy, of).can(asGiven(of.action), of.object) }
    },
    { malformed: 'undefined' }
  )
  conform(
    `${name}, asked about bare types`,
    (world) => {
      const policy = policyOf(world)
      return { canSome: (of, type) => askedBy(policy, of).can(asGiven(of.action), type) }
    },
    { malformed: 'undefined', isAboutTypes: true }
  )
  function askedBy(policy: ReturnType<typeof policyOf>, question: Question): Asked {
    return toAsked(subjectOf(policy, question))
  }
}
