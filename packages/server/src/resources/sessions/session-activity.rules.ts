import type { SessionActivityJSON } from '@latchkey/types'
import type { Caller } from '../../kernel/caller.js'
import type { Ids } from '../../kernel/runtime.js'
import { parseUserAgent } from '../../kernel/user-agent.js'

/** What a session was last used with, as far as the request shows it. Null for the server's own work. */
export function activityOf({ userAgent, ipAddress }: Caller, ids: Ids): SessionActivityJSON | null {
  if (userAgent === null && ipAddress === null) return null
  const { isMobile, device, browser } = parseUserAgent(userAgent)
  return {
    object: 'session_activity',
    id: ids.next('sess_activity'),
    is_mobile: isMobile,
    ...(device === undefined ? {} : { device_type: device }),
    ...(browser ? { browser_name: browser.name, browser_version: browser.version } : {}),
    ...(ipAddress === null ? {} : { ip_address: ipAddress }),
  }
}
