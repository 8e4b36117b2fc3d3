import { sql } from 'kysely'
import type { Database } from '../storage/database.js'

/** Events changed in one transaction at most. */
const AT_ONCE = 1000

/** Codes and links that have expired go from the events about their messages: a stolen database holds none. */
export async function eraseExpiredCodes(database: Database, now: number): Promise<void> {
  let erased = 0
  do {
    erased = await database.transaction(async (queries) => {
      const rows = await queries
        .selectFrom('events')
        .select(['sequence', 'payload'])
        // As the index has it, which serves the query only then.
        .where('expires_at', '>', sql.lit(0))
        .where('expires_at', '<=', now)
        .limit(AT_ONCE)
        .execute()
      for (const { sequence, payload } of rows) {
        const redacted = JSON.stringify(withoutCodes(JSON.parse(payload) as Record<string, unknown>))
        await queries
          .updateTable('events')
          .set({ payload: redacted, expires_at: 0 })
          .where('sequence', '=', sequence)
          .execute()
      }
      return rows.length
    })
  } while (erased === AT_ONCE)
}

/** The `data` of a message's event without its text and what was filled in: that may be a code or a link. */
export function withoutCodes(data: Record<string, unknown>): Record<string, unknown> {
  const rest = { ...data }
  for (const name of ['subject', 'body', 'body_plain', 'message']) if (typeof rest[name] === 'string') rest[name] = ''
  // An object still, as the contract has it.
  if (typeof rest['data'] === 'object' && rest['data'] !== null) rest['data'] = {}
  return rest
}

type Data = Record<string, unknown>

/** What each type of event has of codes and of links that let somebody in, taken out. */
const SHOWN: Record<string, (data: Data) => Data> = {
  email: withoutCodes,
  sms: withoutCodes,
  organizationInvitation: (data) => ({ ...data, url: null }),
  waitlistEntry: ({ invitation, ...data }) => ({ ...data, invitation: withoutUrl(invitation as Data | null) }),
}

/** The payload of an event, as JSON, for those who ask for events: it is no code and no link that they need. */
export function payloadWithoutCodes(type: string, payload: string): string {
  const show = SHOWN[type.slice(0, type.indexOf('.'))]
  return show ? JSON.stringify(show(JSON.parse(payload) as Data)) : payload
}

/** Whether a text has the code or the link of a message's event in it, as a receiver's answer may. */
export function repeatsCode(text: string, payload: string): boolean {
  const { data } = JSON.parse(payload) as { data?: Data | null }
  return Object.values(data ?? {}).some((value) => secretsIn(value).some((secret) => text.includes(secret)))
}

/** Shorter parameters of a link say where it leads. */
const SHORTEST_SECRET = 16

/** A code itself; of a link the parameters that make it one. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== 'string') return []
  if (/^\d{4,}$/.test(value)) return [value]
  if (!/^https?:/.test(value) || !URL.canParse(value)) return []
  return [...new URL(value).searchParams.values()].filter(({ length }) => length >= SHORTEST_SECRET)
}

function withoutUrl(invitation: Data | null | undefined): Data | null {
  if (!invitation) return null
  const { url: _, ...rest } = invitation
  return rest
}
