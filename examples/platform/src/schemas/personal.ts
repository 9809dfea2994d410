// What a user sees and sets of their own account, with what holds where nothing was set.
import { dateTime, text, uuid, z } from './common.js'
import { loginTypeSchema } from './users.js'

const modes = ['', 'auto', 'single', 'sync'] as const

export const appearanceSchema = z
  .object({
    terminal_font: z.string(),
    theme_dark: z.string(),
    theme_light: z.string(),
    theme_mode: z.enum(modes),
    theme_preference: z.string()
  })
  .openapi('UserAppearanceSettings')

export const appearanceChangeSchema = z
  .strictObject({
    terminal_font: text(64).default(''),
    theme_dark: text(64).optional(),
    theme_light: text(64).optional(),
    theme_mode: z.enum(modes).optional(),
    theme_preference: text(64).default('')
  })
  .openapi('UpdateUserAppearanceSettingsRequest')

export const usualAppearance: z.infer<typeof appearanceSchema> = {
  terminal_font: '',
  theme_dark: 'dark',
  theme_light: 'light',
  theme_mode: '',
  theme_preference: ''
}

const displayModes = z.enum(['auto', 'preview', 'always_expanded', 'always_collapsed'])

export const preferencesSchema = z
  .object({
    agent_chat_send_shortcut: z.enum(['enter', 'mod_enter']),
    code_diff_display_mode: displayModes,
    shell_tool_display_mode: displayModes,
    task_notification_alert_dismissed: z.boolean(),
    thinking_display_mode: displayModes
  })
  .openapi('UserPreferenceSettings')

export const preferencesChangeSchema = z
  .strictObject(preferencesSchema.shape)
  .partial()
  .openapi('UpdateUserPreferenceSettingsRequest')

export const usualPreferences: z.infer<typeof preferencesSchema> = {
  agent_chat_send_shortcut: 'enter',
  code_diff_display_mode: 'auto',
  shell_tool_display_mode: 'auto',
  task_notification_alert_dismissed: false,
  thinking_display_mode: 'auto'
}

export const parametersSchema = z.array(
  z.object({ name: z.string().optional(), value: z.string().optional() }).openapi('UserParameter')
)

export const gitSshKeySchema = z
  .object({ user_id: uuid, public_key: z.string(), created_at: dateTime, updated_at: dateTime })
  .openapi('GitSSHKey')

export const loginTypeAnswer = z.object({ login_type: loginTypeSchema }).openapi('UserLoginType')

export const claimsSchema = z
  .object({ claims: z.record(z.string(), z.unknown()) })
  .openapi('OIDCClaimsResponse')

export const organizationSchema = z
  .object({
    id: uuid,
    is_default: z.boolean(),
    created_at: dateTime,
    updated_at: dateTime,
    name: z.string().optional(),
    display_name: z.string().optional(),
    description: z.string().optional(),
    icon: z.string().optional()
  })
  .openapi('Organization')
