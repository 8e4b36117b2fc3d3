/** How tokens begin that the page works with. */
export const PAGE_TOKEN = 'whp_'
/** Instance, then when it expires and what it may, and who says so. */
export const PAGE_TOKEN_PARTS = /^whp_[\w-]{1,64}\.((\d{13,15})\.(operator|portal))\.([\w-]{43})$/

/** Whether a Bearer token is one that the page works with, and not a secret key. */
export function isPageToken(token: string): boolean {
  return token.startsWith(PAGE_TOKEN)
}

/** The instance that a token of a link or of the page names; undefined for any other text. */
export function instanceOfToken(token: string): { instanceId: string; rest: string } | undefined {
  const [, instanceId, rest] = /^(?:whp_)?([\w-]{1,64})\.([\w.-]{1,256})$/.exec(token) ?? []
  return instanceId === undefined ? undefined : { instanceId, rest: rest! }
}
