import arabic from './ar.json' with { type: 'json' }
import english from './en.json' with { type: 'json' }
import spanish from './es.json' with { type: 'json' }

/** What a mail says: Handlebars, as text. */
export interface MailTexts {
  subject: string
  /** Shown beside the subject in lists of mail, 40 to 90 characters. */
  preview: string
  heading: string
  paragraphs: readonly string[]
  /** The text of the button. Absent in a mail without a button. */
  button?: string
  footnote: string
}

/** All that messages say in a language. `docs/messages.md` says how to add one. */
export interface Language {
  /** BCP 47. */
  tag: string
  /** The locale in which dates and durations are written, with Latin digits. */
  dates: string
  direction: 'ltr' | 'rtl'
  common: {
    /** Who asked for a code or a link, and when. */
    asked: string
    copyLink: string
    /** What `{{> contact}}` stands for. */
    contact: string
  }
  /** Names of values. */
  facts: Readonly<Record<string, string>>
  /** Ways to sign in. */
  methods: Readonly<Record<string, string>>
  /** Kinds of devices. */
  devices: Readonly<Record<'phone' | 'tablet' | 'computer', string>>
  email: Readonly<Record<string, MailTexts>>
  sms: Readonly<Record<string, string>>
}

/** To add a language, add its file. */
export const languages: readonly Language[] = [english, spanish, arabic] as Language[]

export const defaultLanguage: Language = languages[0]!

/**
 * The first language of the list that messages are written in: RFC 4647, section 3.4 (lookup).
 *
 * @param wanted language tags in the order of preference; null and empty ones are skipped
 */
export function chooseLanguage(wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const found = tag && lookUp(tag)
    if (found) return found
  }
  return defaultLanguage
}

/** Shortens the tag from its end until a language has it. */
function lookUp(tag: string): Language | undefined {
  const parts = tag.toLowerCase().replaceAll('_', '-').split('-')
  for (; parts.length > 0; parts.pop()) {
    // A single letter begins an extension, which means nothing without what follows.
    if (parts.at(-1)!.length === 1 && parts.length > 1) continue
    const found = languages.find((language) => language.tag.toLowerCase() === parts.join('-'))
    if (found) return found
  }
  return undefined
}

/** Characters of an `Accept-Language` that are read. */
const MAX_HEADER = 200

/** The language tags of an `Accept-Language`, most wanted first. */
export function acceptedLanguages(header: string | null | undefined): string[] {
  if (!header) return []
  return header
    .slice(0, MAX_HEADER)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))
      return { tag, weight: quality === undefined ? 1 : Number(quality.slice(2)) }
    })
    .filter(({ tag, weight }) => /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}
