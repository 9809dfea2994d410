// All parts of the service on one database: what main.ts starts, and what the tests start.
import { randomBytes } from 'node:crypto'
import { openRoles } from 'casemate/postgres'
import { createRecorder, pgSink, type Sink } from 'casemate/records'
import { connect } from './database/connection.js'
import { admits, authenticate } from './http/authenticate.js'
import { createApp, type AppParts } from './http/app.js'
import type { Api } from './http/environment.js'
import { policy, type AppNames, type AppRoles } from './policy.js'
import { actOn, type Act } from './rules/index.js'
import type { Caller } from './store/context.js'
import { enterAs } from './rules/second-line.js'
import { createGitHub } from './sign-in/github.js'
import { createOidc } from './sign-in/oidc.js'
import type { SignInSettings } from './sign-in/settings.js'
import { createStore } from './store/index.js'

export interface ServiceSettings {
  /** The database, as the role of the service. */
  readonly url: string
  /** Where browsers reach the service. */
  readonly accessUrl: URL
  readonly signIn: SignInSettings
  /** Whether a proxy stands in front of it, whose X-Forwarded-For says where requests come from. */
  readonly isBehindProxy?: boolean
  /** What secrets in the database are sealed under. A new one each time loses those that were stored before. */
  readonly sealingKey?: Buffer | undefined
  /** Where decisions are written down; a table of the database if it is not given. */
  readonly records?: Sink | undefined
}

export interface Service {
  readonly app: Api
  /** What the app is made of. */
  readonly parts: AppParts
  readonly act: Act
  readonly roles: AppRoles
  /** A caller whose decisions are written down. */
  readonly recorded: (caller: Caller) => Caller
  readonly close: () => Promise<void>
}

export async function createService(settings: ServiceSettings): Promise<Service> {
  const { url, accessUrl, signIn, sealingKey = randomBytes(32), isBehindProxy = false } = settings
  const pool = connect(url)
  // The log has a connection of its own: it does not wait for requests, and they do not wait for it.
  const recordPool = connect(url, 1)
  const roles = await openRoles(policy, {
    pool,
    load: admits(pool),
    keyPrefix: 'platform',
    onProblem: console.error
  })
  const recorder = createRecorder<AppNames>({
    policy,
    write: settings.records ?? pgSink(recordPool),
    allowed: 1,
    onProblem: console.error
  })
  const sealing = { key: sealingKey }
  const act = actOn(
    createStore({ pool, roles, sealingKey, service: policy.systemSubject('system'), enter: enterAs })
  )
  const recorded = (caller: Caller): Caller => ({ ...caller, subject: recorder.of(caller.subject) })
  const parts: AppParts = {
    act,
    accessUrl,
    isBehindProxy,
    service: () => recorded({ subject: roles.policy().systemSubject('system') }),
    authenticate: async (token) => {
      const caller = await authenticate(pool, roles, token)
      return caller && recorded(caller)
    },
    providers: {
      settings: signIn,
      oidc: signIn.oidc && createOidc(signIn.oidc, accessUrl, sealing),
      github: signIn.github && createGitHub(signIn.github, accessUrl, sealing)
    }
  }
  return {
    app: createApp(parts),
    parts,
    act,
    roles,
    recorded,
    close: async () => {
      roles.close()
      await recorder.close()
      await Promise.all([pool.end(), recordPool.end()])
    }
  }
}
