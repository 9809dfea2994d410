// The store: what is kept, as an object of async methods. Who may call which is in rules/; values go into SQL as
// parameters.
import type pg from 'pg'
import { inTransaction, type Statement } from '../database/connection.js'
import type { AppSubject } from '../policy.js'
import { attemptStore, type AttemptStore } from './attempts.js'
import { boundaryLogStore, type BoundaryLogStore } from './boundary-logs.js'
import type { Caller, Context } from './context.js'
import { keyStore, type KeyStore } from './keys.js'
import { organizationStore, type OrganizationStore } from './organizations.js'
import { personalStore, type PersonalStore } from './personal.js'
import { roleStore, type RoleStore } from './roles.js'
import { signInStore, type SignInStore } from './sign-in.js'
import { userStore, type UserStore } from './users.js'

export type Methods = UserStore &
  PersonalStore &
  RoleStore &
  KeyStore &
  OrganizationStore &
  SignInStore &
  AttemptStore &
  BoundaryLogStore

export interface Store extends Methods {
  /** Does all of `work` for a caller, or none of it. Within one, the next is a part of it. */
  transaction<T>(work: (store: Store) => Promise<T>, caller?: Caller): Promise<T>
}

export interface StoreSettings extends Pick<Context, 'roles' | 'sealingKey'> {
  readonly pool: pg.Pool
  /** The service itself, which asks where no caller is named. */
  readonly service: AppSubject
  /** The first statement of a transaction: it says to the database who asks. */
  readonly enter?: (subject: AppSubject) => Statement
}

/** A store on PostgreSQL. */
export function createStore({ pool, service, enter, ...given }: StoreSettings): Store {
  const itself: Caller = { subject: service }
  return {
    ...methodsOn({ ...given, ...itself, key: undefined, database: pool }),
    transaction: (work, { subject, key } = itself) =>
      inTransaction(pool, enter?.(subject), (database) => {
        const store: Store = {
          ...methodsOn({ ...given, subject, key, database }),
          transaction: (nested) => nested(store)
        }
        return work(store)
      })
  }
}

function methodsOn(context: Context): Methods {
  return {
    ...userStore(context),
    ...personalStore(context),
    ...roleStore(context),
    ...keyStore(context),
    ...organizationStore(context),
    ...signInStore(context),
    ...attemptStore(context),
    ...boundaryLogStore(context)
  }
}
