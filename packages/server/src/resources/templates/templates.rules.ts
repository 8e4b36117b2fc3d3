import { errors } from '../../kernel/errors/errors.js'
import { shownValues } from '../../lib/templates/index.js'
import { COMMON_VARIABLES, findSystemTemplate, type SystemTemplate } from '../../outbox/messages/system-templates.js'
import { parseWording } from '../../outbox/messages/wording.js'
import { oneLine } from '../messages/letters.rules.js'
import { templateErrors } from './templates.errors.js'
import type { TemplateRecord } from './templates.table.js'

/** What the wording of a message can be changed to. Null and absent fields are not given. */
export interface WordingInput {
  subject?: string | null | undefined
  body?: string | undefined
  fromEmailName?: string | undefined
  replyToEmailName?: string | undefined
}

export interface TemplateInput extends WordingInput {
  name?: string | undefined
  markup?: string | null | undefined
  deliveredByClerk?: boolean | null | undefined
}

export type TemplateChanges = Partial<
  Pick<
    TemplateRecord,
    'name' | 'subject' | 'body' | 'markup' | 'fromEmailName' | 'replyToEmailName' | 'deliveredByClerk' | 'disabledAt'
  >
>

/** @throws {ApiError} 400 `template_type_unsupported` */
export function parseType(type: string): SystemTemplate['channel'] {
  if (type !== 'email' && type !== 'sms') throw templateErrors.typeUnsupported(type)
  return type
}

/** @throws {ApiError} 400 `template_type_unsupported`, 404 `resource_not_found` */
export function systemTemplate(type: string, slug: string): SystemTemplate {
  const template = findSystemTemplate(parseType(type), slug)
  if (!template) throw errors.resourceNotFound('template', slug)
  return template
}

export function availableVariables({ variables }: SystemTemplate): string[] {
  return [...variables, ...COMMON_VARIABLES]
}

/**
 * @throws {ApiError} 422 `form_param_missing`, `form_param_format_invalid`, `form_param_value_invalid`,
 *   `invalid_template_body`, `required_variable_missing`; 400 `template_body_modification_restricted`
 */
export function parseTemplateInput(system: SystemTemplate, input: TemplateInput): TemplateChanges {
  if (!input.name) throw errors.paramMissing('name')
  if (system.channel === 'email') {
    if (!input.subject) throw errors.paramMissing('subject')
    if (!input.body) throw errors.paramMissing('body')
  }
  const { deliveredByClerk, markup } = input
  return {
    ...parseWordingInput(system, input, { complete: true }),
    name: input.name,
    ...(markup === undefined ? {} : { markup }),
    ...(deliveredByClerk == null ? {} : { deliveredByClerk }),
  }
}

/**
 * @param complete the body must have the required variables; one that somebody is still writing need not
 * @throws {ApiError} as `parseTemplateInput` does
 */
export function parseWordingInput(
  system: SystemTemplate,
  { subject, body, fromEmailName, replyToEmailName }: WordingInput,
  { complete }: { complete: boolean },
): Pick<TemplateChanges, 'subject' | 'body' | 'fromEmailName' | 'replyToEmailName'> {
  if (system.channel === 'sms') {
    if (body !== undefined && body !== system.body) throw templateErrors.bodyFixed()
    const ofMail = { subject, from_email_name: fromEmailName, reply_to_email_name: replyToEmailName }
    for (const [param, value] of Object.entries(ofMail)) {
      if (value) throw errors.paramValueInvalid(param, 'is for mail only')
    }
    return {}
  }
  if (subject != null) check('subject', oneLine('subject', subject))
  if (body !== undefined) {
    const shown = shownValues(check('body', body))
    const missing = complete ? system.required.find((variable) => !shown.has(variable)) : undefined
    if (missing !== undefined) throw templateErrors.requiredVariableMissing(missing)
  }
  return {
    ...(subject == null ? {} : { subject }),
    ...(body === undefined ? {} : { body }),
    ...(fromEmailName === undefined ? {} : { fromEmailName: localPart(fromEmailName, 'from_email_name') }),
    ...(replyToEmailName === undefined ? {} : { replyToEmailName: localPart(replyToEmailName, 'reply_to_email_name') }),
  }
}

function check(param: 'subject' | 'body', source: string) {
  const parsed = parseWording('email', source)
  if (!parsed.ok) throw templateErrors.invalid(param, parsed.reason)
  return parsed.template
}

/** An empty text means the instance's own. */
function localPart(text: string, param: string): string | null {
  if (text === '') return null
  if (/^[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9])?$/i.test(text)) return text
  throw errors.paramFormatInvalid(param, 'must be the part of an address before the @, such as no-reply')
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  otp_code: '123456',
  requested_at: '30 August 2022, 12:14 UTC',
  requested_from: '203.0.113.7',
  requested_by: 'Chrome, Macintosh',
  magic_link: 'https://example.com/verify?token=sample',
  ttl_minutes: 10,
  action_url: 'https://example.com/accept?ticket=sample',
  expires_in: '30 days',
  'invitation.expires_in_days': 30,
  'invitation.public_metadata': { plan: 'pro' },
  inviter_name: 'Ada Lovelace',
  'org.name': 'Analytical Engines',
  'org.logo_image_url': 'https://example.com/logo.png',
  email_address: 'grace@example.com',
  primary_email_address: 'ada@example.com',
  new_email_address: 'ada@example.org',
  greeting_name: 'Ada',
  passkey_name: 'Laptop',
  sign_in_method: 'password',
  device_type: 'desktop',
  browser_name: 'Chrome',
  operating_system: 'macOS',
  location: 'Winnipeg, Canada',
  ip_address: '203.0.113.7',
  session_created_at: '30 August 2022, 12:14 UTC',
  revoke_session_url: 'https://example.com/sign-out?session=sample',
  support_email: 'support@example.com',
  locked_date: '30 August 2022, 12:14 UTC',
  failed_attempts: 10,
  lockout_duration: '1 hour',
  unlock_time: '30 August 2022, 13:14 UTC',
}

/** Values such as those that a message of this kind is filled with. */
export function sampleData({ variables }: Pick<SystemTemplate, 'variables'>): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const variable of variables) {
    const keys = variable.split('.')
    const last = keys.pop()!
    let into = data
    for (const key of keys) into = (into[key] ??= {}) as Record<string, unknown>
    into[last] = SAMPLES[variable]
  }
  return data
}
