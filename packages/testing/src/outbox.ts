import type { Server } from '@latchkey/server'

/** A mail or an SMS that would have been sent. */
export interface TestMessage {
  id: string
  channel: 'email' | 'sms'
  /** The address or the number. */
  to: string
  /** The kind of message, for example `verification_code`. Null for a message that an application wrote itself. */
  slug: string | null
  /** Null for an SMS. */
  subject: string | null
  body: string
  /** The values filled into the template, for example the code. */
  data: Record<string, unknown> | null
  userId: string | null
  /** Unix milliseconds. */
  createdAt: number
}

/** A webhook event, as a receiver gets it. */
export interface TestEvent {
  id: string
  /** For example `user.created`. */
  type: string
  data: unknown
  /** Unix milliseconds. */
  createdAt: number
}

export async function readMessages({ database }: Server, instanceId: string): Promise<TestMessage[]> {
  const rows = await database.read
    .selectFrom('messages')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    to: row.to_address,
    slug: row.slug as string | null,
    subject: row.subject as string | null,
    body: row.body,
    data: row.data === null ? null : (JSON.parse(row.data as string) as Record<string, unknown>),
    userId: row.user_id as string | null,
    createdAt: row.created_at,
  }))
}

export async function readEvents({ database }: Server, instanceId: string): Promise<TestEvent[]> {
  const rows = await database.read
    .selectFrom('events')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('sequence')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    data: JSON.parse(row.payload as string) as unknown,
    createdAt: row.created_at,
  }))
}
