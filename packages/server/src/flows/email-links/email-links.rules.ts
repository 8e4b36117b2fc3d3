import type { LinkLanding } from '@latchkey/types'
import type { CallerOf } from '../../kernel/caller.js'
import { browserNameOf } from '../../kernel/user-agent.js'
import type { VerificationRecord, VerificationSubject } from '../../resources/verifications/verifications.table.js'

/** How opening a link went, for the page that the browser goes on to. */
export type LinkStatus = 'verified' | 'failed' | 'expired' | 'client_mismatch'

/** @param sessionId of a session that this browser has got by it */
export function landingUrl(redirectUrl: string, status: LinkStatus, sessionId?: string | null): string {
  const url = new URL(redirectUrl)
  url.searchParams.set('__clerk_status', status)
  if (sessionId) url.searchParams.set('__clerk_created_session', sessionId)
  return url.href
}

export const PURPOSES = {
  sign_in: 'sign_in',
  sign_up: 'sign_up',
  identification: 'verification',
  session: 'verification',
  organization_domain: 'verification',
} satisfies Record<VerificationSubject, LinkLanding['purpose']>

/** Whether the link is opened in the browser that asked for it. */
export function isOwn({ startedAtClient }: VerificationRecord, { clientId }: CallerOf<'client'>): boolean {
  return startedAtClient === clientId
}

/** Who asked for a link, for a person to recognize: no place but the address is known. */
export function askerOf(link: VerificationRecord): NonNullable<LinkLanding['asked']> {
  const { startedUserAgent, startedIpAddress, createdAt } = link
  return { browser: browserNameOf(startedUserAgent) ?? null, place: startedIpAddress, at: createdAt }
}
