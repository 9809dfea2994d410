// Which providers a deployment has, from its environment. None is fine; half of one is an error at the start, not at the
// first sign-in.
import { z } from 'zod'

export interface OidcSettings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  /** What the button of the sign-in page says and shows. */
  readonly signInText: string
  readonly iconUrl: string
  /** Whether whoever signs in for the first time gets an account. Else somebody has to open one for their address. */
  readonly opensAccounts: boolean
}

export interface GitHubSettings {
  readonly clientId: string
  readonly clientSecret: string
  /** Where people sign in, and where programs ask; of GitHub Enterprise Server `https://HOST` and `https://HOST/api/v3`. */
  readonly webUrl: URL
  readonly apiUrl: URL
  /** The same. Everybody on earth may be on GitHub. */
  readonly opensAccounts: boolean
}

export interface SignInSettings {
  readonly oidc: OidcSettings | undefined
  readonly github: GitHubSettings | undefined
}

const urlSchema = z
  .url({ protocol: /^https?$/ })
  .transform((text) => new URL(text))
  .refine(({ search, hash }) => search === '' && hash === '', 'neither query nor fragment')
const textSchema = z.string().min(1)
const yesSchema = z.enum(['true', 'false']).transform((text) => text === 'true')

const oidcSchema = z.object({
  OIDC_ISSUER: urlSchema,
  OIDC_CLIENT_ID: textSchema,
  OIDC_CLIENT_SECRET: textSchema,
  OIDC_SIGN_IN_TEXT: z.string().default('OpenID Connect'),
  OIDC_ICON_URL: z.string().default(''),
  OIDC_OPENS_ACCOUNTS: yesSchema.default(true)
})
const githubSchema = z.object({
  GITHUB_CLIENT_ID: textSchema,
  GITHUB_CLIENT_SECRET: textSchema,
  GITHUB_URL: urlSchema.default(new URL('https://github.com')),
  GITHUB_API_URL: urlSchema.default(new URL('https://api.github.com')),
  GITHUB_OPENS_ACCOUNTS: yesSchema.default(false)
})

type Environment = Readonly<Record<string, string | undefined>>

/** The providers that the environment names. Throws where a variable of one is missing or wrong, with the names of all such. */
export function readSignInSettings(environment: Environment): SignInSettings {
  const oidc = read(oidcSchema, environment)
  const github = read(githubSchema, environment)
  return {
    oidc: oidc && {
      issuer: oidc.OIDC_ISSUER,
      clientId: oidc.OIDC_CLIENT_ID,
      clientSecret: oidc.OIDC_CLIENT_SECRET,
      signInText: oidc.OIDC_SIGN_IN_TEXT,
      iconUrl: oidc.OIDC_ICON_URL,
      opensAccounts: oidc.OIDC_OPENS_ACCOUNTS
    },
    github: github && {
      clientId: github.GITHUB_CLIENT_ID,
      clientSecret: github.GITHUB_CLIENT_SECRET,
      webUrl: github.GITHUB_URL,
      apiUrl: github.GITHUB_API_URL,
      opensAccounts: github.GITHUB_OPENS_ACCOUNTS
    }
  }
}

/** `undefined` where none of the schema's variables is there. */
function read<T>(schema: z.ZodObject & z.ZodType<T>, environment: Environment): T | undefined {
  if (Object.keys(schema.shape).every((name) => environment[name] === undefined)) return undefined
  const { data, error } = schema.safeParse(environment)
  // Values are secrets, also where they are wrong.
  if (error !== undefined)
    throw new Error(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  return data
}
