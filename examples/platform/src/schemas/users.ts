// Users as requests and answers have them.
import { policy } from '../policy.js'
import { givenAtSite, organizationsOf } from '../store/roles.js'
import type { User } from '../store/users.js'
import { dateTime, nameSchema, text, uuid, wholeNumber, z } from './common.js'

export const loginTypes = ['', 'github', 'none', 'oidc', 'password', 'token'] as const
export const loginTypeSchema = z.enum(loginTypes).openapi('LoginType')
export const statusSchema = z.enum(['active', 'dormant', 'suspended']).openapi('UserStatus')

/** Long enough not to be guessed at once; what makes a good one beyond that, its user knows. */
export const passwordSchema = text(128, 8).openapi({ format: 'password' })
const email = z.email().max(254)

export const userSchema = z
  .object({
    id: uuid,
    username: z.string(),
    name: z.string(),
    email: z.string().openapi({ format: 'email' }),
    avatar_url: z.string().openapi({ format: 'uri' }),
    status: statusSchema,
    login_type: loginTypeSchema,
    is_service_account: z.boolean(),
    has_ai_seat: z.boolean(),
    theme_preference: z.string(),
    organization_ids: z.array(uuid),
    roles: z.array(
      z
        .object({ name: z.string(), display_name: z.string(), organization_id: z.string() })
        .openapi('SlimRole')
    ),
    created_at: dateTime,
    updated_at: dateTime,
    last_seen_at: dateTime
  })
  .openapi('User')

export const userListSchema = z
  .object({ users: z.array(userSchema), count: z.int() })
  .openapi('GetUsersResponse')

const titles = new Map(policy.roles.list().map(({ name, title }) => [name, title]))

/** What is shown of a user. A service account has no mail; what stands for its address is one that nothing can reach. */
export function showUser({ roles, ...user }: User): z.infer<typeof userSchema> {
  return {
    ...user,
    email: user.email === '' ? `${user.username}@service-account.invalid` : user.email,
    avatar_url: user.avatar_url === '' ? initials(user.username) : user.avatar_url,
    organization_ids: organizationsOf(roles),
    roles: givenAtSite(roles).map((name) => ({
      name,
      display_name: titles.get(name) ?? name,
      organization_id: ''
    })),
    created_at: user.created_at.toISOString(),
    updated_at: user.updated_at.toISOString(),
    last_seen_at: user.last_seen_at.toISOString()
  }
}

/** A picture for those who have none. */
function initials(username: string): string {
  const letter = username.slice(0, 1).toUpperCase()
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><text x=".5" y="1.6">${letter}</text></svg>`
  )}`
}

export const userListQuery = z.object({
  q: z.string().max(256).optional().openapi({
    description:
      'Words that are in the name or the address, and `status:`, `login_type:` or `role:` with a value.'
  }),
  after_id: z.uuid().optional().openapi({ description: 'The last user of the page before.', format: 'uuid' }),
  limit: wholeNumber(0, 1000)
    .default(100)
    .openapi({ description: 'How many users a page has; 0 means as many as there may be, 1000.' }),
  offset: wholeNumber(0, 1_000_000).default(0).openapi({ description: 'How many users to leave out.' })
})

/** A rule about these fields: asked beside what is wrong with others, and not of fields that are wrong themselves. */
function ofFields(...fields: readonly string[]): Pick<z.core.$ZodCustomParams, 'when'> {
  return {
    when: ({ issues }) =>
      !issues.some(
        ({ code, path: [field] = [] }) =>
          code !== 'unrecognized_keys' && (field === undefined || fields.includes(String(field)))
      )
  }
}

function isWithPassword(how: { readonly login_type: string; readonly service_account: boolean }): boolean {
  return !how.service_account && (how.login_type === '' || how.login_type === 'password')
}

export const createUserSchema = z
  .strictObject({
    username: nameSchema,
    email: email.or(z.literal('')).default(''),
    name: text(128).default(''),
    password: passwordSchema.or(z.literal('')).default(''),
    login_type: loginTypeSchema.default(''),
    organization_ids: z.array(z.uuid()).max(100).default([]),
    roles: z.array(z.string().max(256)).max(100).default([]),
    service_account: z.boolean().default(false),
    user_status: statusSchema.default('active')
  })
  .refine(({ password, ...how }) => !isWithPassword(how) || password !== '', {
    ...ofFields('password', 'login_type', 'service_account'),
    path: ['password'],
    message: 'Who signs in with a password needs one.'
  })
  .refine(({ password, ...how }) => isWithPassword(how) || password === '', {
    ...ofFields('password', 'login_type', 'service_account'),
    path: ['password'],
    message: 'Who signs in otherwise has none.'
  })
  .refine(({ email: address, service_account: isService }) => isService || address !== '', {
    ...ofFields('email', 'service_account'),
    path: ['email'],
    message: 'A person needs an address.'
  })
  .refine(
    ({ login_type: type, service_account: isService }) => !isService || type === '' || type === 'none',
    {
      ...ofFields('login_type', 'service_account'),
      path: ['login_type'],
      message: 'A service account does not sign in: it has tokens.'
    }
  )
  .openapi('CreateUserRequestWithOrgs')

export const profileSchema = z
  .strictObject({ username: nameSchema, name: text(128).default('') })
  .openapi('UpdateUserProfileRequest')

export const rolesSchema = z
  .strictObject({ roles: z.array(z.string().max(256)).max(100) })
  .openapi('UpdateRoles')

export const passwordChangeSchema = z
  .strictObject({ password: passwordSchema, old_password: z.string().max(1024).default('') })
  .openapi('UpdateUserPasswordRequest')

export const firstUserSchema = z
  .strictObject({
    email,
    username: nameSchema,
    name: text(128).default(''),
    password: passwordSchema,
    trial: z.boolean().default(false),
    trial_info: z
      .strictObject({
        company_name: text(256),
        country: text(256),
        developers: text(256),
        first_name: text(256),
        job_title: text(256),
        last_name: text(256),
        phone_number: text(256)
      })
      .partial()
      .optional(),
    onboarding_info: z
      .strictObject({ newsletter_marketing: z.boolean(), newsletter_releases: z.boolean() })
      .partial()
      .optional()
  })
  .openapi('CreateFirstUserRequest')

export const firstUserAnswer = z
  .object({ user_id: uuid, organization_id: uuid })
  .openapi('CreateFirstUserResponse')
