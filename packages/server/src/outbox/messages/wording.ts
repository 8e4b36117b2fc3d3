import {
  escapeHtml,
  parseTemplate,
  renderTemplate,
  type Template,
  type TemplateData,
} from '../../lib/templates/index.js'
import type { Metadata } from '../../kernel/metadata.js'
import { findSystemTemplate, type SystemTemplate } from './system-templates.js'

/** What an instance changed of a message. Null is what the server has. */
export interface Override {
  subject: string | null
  body: string | null
  fromEmailName: string | null
  replyToEmailName: string | null
  deliveredByClerk: boolean
}

export interface Worded {
  subject: string | null
  body: string
}

/** Octets of a line, without its end: RFC 5322, section 2.1.1. */
const MAX_SUBJECT = 998
const DARK = '#2F3037'

/** What every message is filled with, beside its own values. */
export function commonData(app: { name: string; domainName: string }, now: number): Metadata {
  return {
    app: { name: app.name, domain_name: app.domainName },
    theme: { primary_color: DARK, button_text_color: '#FFFFFF', show_clerk_branding: false },
    current_year: new Date(now).getUTCFullYear(),
  }
}

/** The partials of mail, which Clerk's templates use. */
const partials = {
  app_logo: inMail(
    '{{#if app.logo_image_url}}<img src="{{app.logo_image_url}}" alt="{{app.name}}" height="32">{{else}}{{app.name}}{{/if}}',
  ),
  org_logo: inMail(
    '{{#if org.logo_image_url}}<img src="{{org.logo_image_url}}" alt="{{org.name}}" height="32">{{else}}{{org.name}}{{/if}}',
  ),
  copyright: inMail('© {{current_year}} {{app.name}}'),
}

function inMail(source: string): Template {
  const result = parseTemplate(source)
  if (!result.ok) throw new Error(result.reason)
  return result.template
}

/** Parses the text of a mail or text message, which may be an instance's own. */
export function parseWording(channel: SystemTemplate['channel'], source: string) {
  return parseTemplate(source, channel === 'email' ? partials : {})
}

/**
 * The text of a message. Wording of an instance that cannot be rendered is replaced by the server's: a code must not be
 * lost because of a template.
 */
export function word(
  channel: SystemTemplate['channel'],
  slug: string,
  data: TemplateData,
  override?: Override,
): Worded {
  const system = findSystemTemplate(channel, slug)
  if (!system) throw new TypeError(`There is no template ${channel} ${slug}`)
  const own = override && render(channel, { ...system, ...given(override) }, data)
  const worded = own ?? render(channel, system, data)
  if (!worded) throw new TypeError(`The template ${channel} ${slug} cannot be rendered`)
  return worded
}

function given({ subject, body }: Override): Partial<Worded> {
  return { ...(subject === null ? {} : { subject }), ...(body === null ? {} : { body }) }
}

/** @returns undefined if one of the two is no template, or becomes too large */
export function render(channel: SystemTemplate['channel'], source: Worded, data: TemplateData): Worded | undefined {
  const body = fill(channel, source.body, data, channel === 'email' ? escapeHtml : undefined)
  const subject = source.subject === null ? null : fill(channel, source.subject, data)
  if (body === undefined || subject === undefined) return undefined
  return { body, subject: subject === null ? null : toSubject(subject) }
}

function fill(
  channel: SystemTemplate['channel'],
  source: string,
  data: TemplateData,
  escape?: (text: string) => string,
): string | undefined {
  const parsed = parseWording(channel, source)
  return parsed.ok ? renderTemplate(parsed.template, data, escape ? { escape } : {}) : undefined
}

/** One line: a line break would begin another header. */
function toSubject(text: string): string {
  let line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  while (Buffer.byteLength(line) > MAX_SUBJECT) line = [...line].slice(0, Math.floor([...line].length * 0.9)).join('')
  return line
}

/** As templates show it: `30 August 2022, 12:14 UTC`. */
export function toTimeText(milliseconds: number): string {
  const date = new Date(milliseconds)
  const month = date.toLocaleString('en', { month: 'long', timeZone: 'UTC' })
  const two = (number: number) => String(number).padStart(2, '0')
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`
}
