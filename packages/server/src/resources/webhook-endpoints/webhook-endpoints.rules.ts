import { isEventType } from '../../outbox/webhooks/event-types.js'

/** How long an old secret signs beside a new one by default, in seconds: a day. */
export const GRACE_PERIOD = 24 * 60 * 60
/** Seven days, in seconds. */
export const LONGEST_GRACE_PERIOD = 7 * GRACE_PERIOD
/** Old secrets that may sign at once. */
export const OLD_SECRETS = 10
/** Endpoints of one instance: each event is written once for each. */
export const MOST_ENDPOINTS = 50
const MOST_HEADERS = 20

/** What cannot be taken, by field, with the sentence for whoever sent it. */
export interface Fault {
  field: string
  message: string
}

/** Set by the delivery itself, or by HTTP. */
const RESERVED_HEADERS =
  /^(host|content-(type|length|encoding)|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|user-agent|accept-encoding|proxy-.*|(svix|webhook)-(id|timestamp|signature))$/
/** Names whose values are likely secret: they are never shown again. */
const SENSITIVE = /auth|token|key|secret|pass|pwd|cookie|sign|credential|bearer|session|jwt/

export function isSensitive(header: string): boolean {
  return SENSITIVE.test(header.toLowerCase())
}

/** Characters. */
export const LONGEST_DESCRIPTION = 1024

export function faultOfDescription(text: string): Fault | undefined {
  if (text.length <= LONGEST_DESCRIPTION) return undefined
  return { field: 'description', message: `The description must have at most ${LONGEST_DESCRIPTION} characters` }
}

/** A name of somebody's own for an endpoint. */
export const UID = /^[a-zA-Z0-9\-_.]{1,256}$/
export const WHAT_UID_IS = 'must be letters, digits, "-", "_" and "."'

export function faultOfUid(uid: string): Fault | undefined {
  return UID.test(uid) ? undefined : { field: 'uid', message: `The uid ${WHAT_UID_IS}` }
}

export function faultOfEventTypes(types: readonly string[] | null): Fault | undefined {
  const unknown = types?.find((type) => !isEventType(type))
  if (unknown !== undefined) return { field: 'filterTypes', message: `There is no event type ${unknown}` }
  // None at all is most likely a mistake, and null says all.
  return types?.length === 0
    ? { field: 'filterTypes', message: 'Name at least one event type, or leave it out for all' }
    : undefined
}

export function faultOfHeaders(headers: Record<string, string>): Fault | undefined {
  const names = Object.keys(headers)
  const fault = (message: string) => ({ field: 'headers', message })
  if (names.length > MOST_HEADERS) return fault(`There may be ${MOST_HEADERS} headers at most`)
  for (const name of names) {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name)) return fault(`The name of the header ${name} is invalid`)
    if (RESERVED_HEADERS.test(name.toLowerCase())) return fault(`The header ${name} cannot be set`)
    if (!/^[\x20-\x7e]{0,1024}$/.test(headers[name]!)) return fault(`The value of the header ${name} is invalid`)
  }
  return undefined
}

/** The id of an instance's application, as Svix calls what holds endpoints. The instance's own id is accepted too. */
export function applicationIdOf(instanceId: string): string {
  return `app_${instanceId.slice(instanceId.indexOf('_') + 1)}`
}
