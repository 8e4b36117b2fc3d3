import { LRUCache } from 'lru-cache'
import { buttonColorOf } from '../../instances/settings/display.js'
import {
  escapeHtml,
  htmlToText,
  parseTemplate,
  type ParsedTemplate,
  type Partials,
  renderTemplate,
  type Template,
  type TemplateData,
} from '../../lib/templates/index.js'
import type { Metadata } from '../../kernel/metadata.js'
import type { Language } from './languages/index.js'
import { withOrigin } from './sms-parts.js'
import { findSystemTemplate, type SystemTemplate } from './system-templates.js'

/** What an instance changed of a message. Null is what the server has. */
export interface Override {
  subject: string | null
  body: string | null
  fromEmailName: string | null
  replyToEmailName: string | null
  deliveredByClerk: boolean
  /** Since when it is switched off. Null while it is on. */
  disabledAt: number | null
}

export interface Worded {
  subject: string | null
  /** HTML of mail; the text of a text message. */
  body: string
  /** The text part of mail; null for a text message. */
  bodyPlain: string | null
}

/** What messages call the application, and how they look. */
export interface Application {
  name: string
  domainName: string
  /** Its home page. */
  url: string
  logoUrl: string | null
  /** Of buttons, `#rrggbb`; null for the usual one. */
  primaryColor: string | null
  supportEmail: string | null
}

/** Octets of a line, without its end: RFC 5322, section 2.1.1. */
const MAX_SUBJECT = 998

/** What every message is filled with, beside its own values. */
export function commonData(application: Application, now: number): Metadata {
  const { name, domainName, url, logoUrl, primaryColor, supportEmail } = application
  const button = buttonColorOf(primaryColor)
  return {
    app: {
      name,
      domain_name: domainName,
      url,
      ...(logoUrl === null ? {} : { logo_image_url: logoUrl, logo_url: logoUrl }),
    },
    theme: { primary_color: button.color, button_text_color: button.text, show_clerk_branding: false },
    current_year: new Date(now).getUTCFullYear(),
    ...(supportEmail === null ? {} : { support_email: supportEmail }),
  }
}

/** A logo stands on a light plate, so that it can be seen in the dark. Only there the plate is seen, and needs a margin. */
function logo(owner: string): Template {
  const plate = 'display:inline-block;padding:6px 0;border-radius:6px;background:#fdfdfe;border:0'
  return inMail(
    `{{#if ${owner}.logo_image_url}}<img src="{{${owner}.logo_image_url}}" alt="{{${owner}.name}}" height="32" class="logo" style="${plate}">{{else}}{{${owner}.name}}{{/if}}`,
  )
}

/** The partials of mail, which Clerk's templates use. */
const partials = { app_logo: logo('app'), org_logo: logo('org'), copyright: inMail('© {{current_year}} {{app.name}}') }

function inMail(source: string): Template {
  const result = parseTemplate(source)
  if (!result.ok) throw new Error(result.reason)
  return result.template
}

/** Keeps what it has parsed, as that takes longer than to fill it: so many, and so many characters of their sources. */
const parser = (known: Partials) =>
  new LRUCache<string, ParsedTemplate>({
    max: 300,
    maxSize: 2 ** 20,
    sizeCalculation: (_, { length }) => length + 1,
    memoMethod: (source) => parseTemplate(source, known),
  })
const parsers = { email: parser(partials), sms: parser({}) }

/** Parses the text of a mail or text message, which may be an instance's own. */
export function parseWording(channel: SystemTemplate['channel'], source: string): ParsedTemplate {
  return parsers[channel].memo(source)
}

interface WordingInput {
  channel: SystemTemplate['channel']
  slug: string
  data: TemplateData
  language: Language
  override?: Override | undefined
  /** Of the application's pages, to which codes in text messages are bound. */
  host?: string | undefined
}

/**
 * The text of a message. Wording of an instance that cannot be rendered is replaced by the server's: a code must not be
 * lost because of a template.
 */
export function word({ channel, slug, data, language, override, host }: WordingInput): Worded & { isOwn: boolean } {
  const system = findSystemTemplate(channel, slug, language)
  if (!system) throw new TypeError(`There is no template ${channel} ${slug}`)
  const own = override && render(channel, changed(system, override), data)
  const worded = own ?? render(channel, system, data)
  if (!worded) throw new TypeError(`The template ${channel} ${slug} cannot be rendered`)
  const isOwn = own !== undefined && override?.body != null
  const code = system.code === undefined ? undefined : data[system.code]
  if (channel === 'email' || typeof code !== 'string' || host === undefined) return { ...worded, isOwn }
  return { ...worded, body: withOrigin(worded.body, { host, code }), isOwn }
}

type Source = Pick<SystemTemplate, 'subject' | 'body'> & { text?: string | null }

function changed(system: SystemTemplate, { subject, body }: Override): Source {
  return { subject: subject ?? system.subject, body: body ?? system.body, text: body === null ? system.text : null }
}

/**
 * @param source without a text of its own, mail has that of its HTML
 * @returns undefined if a part is no template, or becomes too large
 */
export function render(channel: SystemTemplate['channel'], source: Source, data: TemplateData): Worded | undefined {
  const body = fill(channel, source.body, data, channel === 'email' ? escapeHtml : undefined)
  const subject = source.subject === null ? null : fill(channel, source.subject, data)
  if (body === undefined || subject === undefined) return undefined
  const worded = { body, subject: subject === null ? null : toSubject(subject) }
  if (channel === 'sms') return { ...worded, bodyPlain: null }
  const bodyPlain = source.text ? fill(channel, source.text, data) : htmlToText(body)
  return bodyPlain === undefined ? undefined : { ...worded, bodyPlain: tidy(bodyPlain) }
}

/** Without the gaps that parts leave which are not shown. */
function tidy(text: string): string {
  return `${text.replace(/\n{3,}/g, '\n\n').trim()}\n`
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
  const line = text
    .slice(0, MAX_SUBJECT)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  const characters = [...line]
  let octets = Buffer.byteLength(line)
  while (octets > MAX_SUBJECT) octets -= Buffer.byteLength(characters.pop()!)
  return characters.join('')
}
