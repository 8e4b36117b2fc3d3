import { errors } from '../../kernel/errors/errors.js'
import type { Metadata } from '../../kernel/metadata.js'
import { emailAddress as readEmailAddress } from '../../lib/identifiers/index.js'
import { readUrl } from '../../lib/urls.js'

/** Which mail brings an invitation. */
export type InvitationSlug = 'invitation' | 'waitlist_invitation'

export interface InvitationInput {
  emailAddress: string
  publicMetadata?: Metadata | null | undefined
  redirectUrl?: string | null | undefined
  /** Default is true. */
  notify?: boolean | null | undefined
  ignoreExisting?: boolean | null | undefined
  /** Default is 30. */
  expiresInDays?: number | null | undefined
  templateSlug?: InvitationSlug | undefined
}

export interface Address {
  /** As it was written; mail goes here. */
  address: string
  /** What is compared. */
  canonical: string
}

/** @throws {ApiError} 422 `form_param_format_invalid` */
export function parseAddress(input: string): Address {
  const result = readEmailAddress(input)
  if (!result.ok) {
    throw errors.paramFormatInvalid('email_address', 'must be a valid email address, such as ada@example.com')
  }
  return { address: result.address, canonical: result.canonical }
}

/** Schemes that a browser would run or read from, instead of going there. */
const UNSAFE = ['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'about:']

/**
 * A page, or an app's own scheme.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`
 */
export function checkRedirectUrl(text: string): void {
  const url = readUrl(text)
  if (!url || UNSAFE.includes(url.protocol)) {
    throw errors.paramFormatInvalid('redirect_url', 'must be an absolute URL, such as https://example.com/welcome')
  }
}
