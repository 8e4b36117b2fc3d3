/** How opening a link went, for the page that the browser goes on to. */
export type LinkStatus = 'verified' | 'failed' | 'expired' | 'client_mismatch'

/** @param sessionId of a session that this browser has got by it */
export function landingUrl(redirectUrl: string, status: LinkStatus, sessionId?: string | null): string {
  const url = new URL(redirectUrl)
  url.searchParams.set('__clerk_status', status)
  if (sessionId) url.searchParams.set('__clerk_created_session', sessionId)
  return url.href
}
