import { descriptions, findDescription, type Description } from './descriptions.js'
import { defaultLanguage, type Language } from './languages/index.js'
import { expand, toHtmlSource, toTextSource } from './layout.js'

/** A message as the server words it in one language. An instance can word its mail otherwise. */
export interface SystemTemplate extends Description {
  /** Handlebars; see `lib/templates`. Null for text messages. */
  subject: string | null
  /** Handlebars: HTML in mail, text in text messages. */
  body: string
  /** Handlebars: the text part of mail. Null for text messages. */
  text: string | null
}

/** What every message has. */
export const COMMON_VARIABLES = [
  'app.name',
  'app.domain_name',
  'app.url',
  'app.logo_image_url',
  'app.logo_url',
  'user.public_metadata',
  'user.public_metadata_fallback',
  'theme.primary_color',
  'theme.button_text_color',
  'theme.show_clerk_branding',
  'support_email',
  'current_year',
] as const

const known = new Map<string, SystemTemplate>()

export function findSystemTemplate(
  channel: string,
  slug: string,
  language: Language = defaultLanguage,
): SystemTemplate | undefined {
  const description = findDescription(channel, slug)
  return description && inLanguage(description, language)
}

function inLanguage(description: Description, language: Language): SystemTemplate {
  const key = `${language.tag} ${description.channel} ${description.slug}`
  let template = known.get(key)
  if (!template) known.set(key, (template = write(description, language)))
  return template
}

function write(description: Description, language: Language): SystemTemplate {
  const { channel, slug } = description
  if (channel === 'sms') return { ...description, subject: null, body: language.sms[slug]!, text: null }
  const texts = language.email[slug]!
  const parts = { description, texts, language }
  const subject = expand(texts.subject, language)
  return { ...description, subject, body: toHtmlSource(parts), text: toTextSource(parts) }
}

/** In English, in the order of the lists. */
export const systemTemplates: readonly SystemTemplate[] = descriptions.map((description) =>
  inLanguage(description, defaultLanguage),
)
