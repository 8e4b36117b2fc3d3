import type { PhoneChannel } from '../../instances/settings/attributes.js'
import type { Metadata } from '../../kernel/metadata.js'
import type { Language } from './languages/index.js'
import type { Letter, MessageRecord } from './messages.table.js'

/** The recipient of a message. */
export interface Recipient {
  /** An e-mail address or a phone number in E.164 form. */
  address: string
  /** The id of the identification with the address. Null if no user has the address yet. */
  identificationId: string | null
  userId: string | null
  /** BCP 47: of the sign-up that the message belongs to. */
  locale?: string | null
  /** How a code goes to a number. Default is `sms`. */
  phoneChannel?: PhoneChannel
}

/** What messages know of the user they go to. */
export interface RecipientUser {
  locale: string | null
  firstName: string | null
  publicMetadata: Metadata
}

/** A mail that an application wrote, without its recipient. */
export interface EmailContent {
  slug: string | null
  /** The part of the sender's address before the `@`. Null for the instance's own. */
  fromName: string | null
  subject: string
  /** HTML or text. */
  body: string
  letter?: Letter
  /** The same key is sent once. */
  once?: { key: string; digest: string }
}

export type Content = Omit<EmailContent, 'subject'> &
  Pick<MessageRecord, 'channel' | 'subject'> &
  Partial<Pick<MessageRecord, 'bodyPlain' | 'language' | 'data' | 'replyToName' | 'collapseKey' | 'codeFor'>> & {
    /** Milliseconds until its code expires. Absent for a message without one. */
    lifetime?: number
    /** The event alone tells of the message: the application delivers it. */
    handedOver?: boolean
  }

/** What a one-time code is asked for. */
export type CodePurpose = 'verification' | 'reset_password'

/** A code that is sent, and what it proves. */
export interface SentCode {
  /** Six digits; others where none is sent and none is right. */
  code: string
  verificationId: string
}

/** What a link is asked for. */
export type LinkPurpose = 'sign_in' | 'sign_up' | 'user_profile'

/** A message that the server words, unless the instance does. */
export interface Notice {
  channel: MessageRecord['channel']
  slug: string
  /** The values it is filled with, by the names that templates know. */
  values(language: Language): Metadata
  /** Further ones, with texts that a stranger chose: they are made safe where they are shown. */
  names?: Metadata
  /** Milliseconds until its code or link expires. */
  lifetime?: number
  /** What spends the code or link, such as its verification. Given with `lifetime`. */
  codeFor?: string
  /** Counted by the limits on codes and links. */
  isLimited?: boolean
}
