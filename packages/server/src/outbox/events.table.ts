import type { Origin } from '../kernel/caller.js'
import { integer, json, nullable, sequence, table, text, word } from '../storage/table.js'
import type { RecordOf, RowOf } from '../storage/table.js'
import type { CallerKind } from '../kernel/caller.js'

/** Who caused a change, as events and audit entries keep it. */
export interface Cause extends Origin {
  kind: CallerKind
  /** Null for the public. */
  id: string | null
  impersonatorId: string | null
}

/** The outbox of webhook events, written in the transaction of the change. */
export const events = table(
  'events',
  { noun: 'event', prefix: 'evt', immutable: true, primaryKey: 'sequence' },
  {
    sequence,
    type: text,
    /** The row it is about. */
    subjectId: text,
    /** The subject family, such as a user with their sessions: its events are delivered in order. Null for old events. */
    lineKey: nullable(text),
    payload: json<unknown>(),
    /** Null for events of versions that did not record it. */
    cause: nullable(json<Cause>()),
    /**
     * Dense within the instance, given after the commit: unlike `sequence`, a smaller one never appears later. Null until
     * then.
     */
    position: nullable(integer),
    /**
     * When the code or link in its payload expires: then it is not sent to anybody any more. 0 once the text is erased.
     * Null for events without one.
     */
    expiresAt: nullable(integer),
    /** `due` once what it tells of is deleted, `done` when it was emptied: see `erasure.ts`. */
    erasure: nullable(word<'due' | 'done'>()),
  },
  {
    events_id: { on: ['id'], unique: true },
    events_unnumbered: { on: ['sequence'], where: 'position is null' },
    events_position: { on: ['instanceId', 'position'], unique: true, where: 'position is not null' },
    events_expiring: { on: ['createdAt'] },
    events_with_codes: { on: ['expiresAt'], where: 'expires_at > 0' },
    events_line: { on: ['lineKey'] },
    events_erasing: { on: ['sequence'], where: "erasure = 'due'" },
    events_with_code_of: { on: ['subjectId'], where: 'expires_at > 0' },
  },
)

/**
 * Who changed what, when and from where. Rows never change; they are removed once they are older than the retention.
 */
export const auditEntries = table(
  'audit_entries',
  { noun: 'audit entry', prefix: 'aud', immutable: true, primaryKey: 'sequence' },
  {
    sequence,
    actorKind: word<CallerKind>(),
    actorId: nullable(text),
    /** Who acted in the actor's name. */
    impersonatorId: nullable(text),
    /** The type of the event, or a name of the same form where there is no event: `jwt_template.updated`. */
    action: text,
    targetId: text,
    /** Names of the fields that changed, as on the wire. Never their values. */
    changed: json<string[]>(),
    ipAddress: nullable(text),
    userAgent: nullable(text),
    traceId: nullable(text),
  },
  {
    audit_entries_id: { on: ['id'], unique: true },
    audit_entries_by_created_at: { on: ['instanceId', 'createdAt', 'sequence'] },
    audit_entries_target: { on: ['instanceId', 'targetId', 'sequence'] },
    audit_entries_expiring: { on: ['createdAt'] },
  },
)

declare module '../storage/schema.js' {
  interface Schema {
    events: RowOf<typeof events>
    audit_entries: RowOf<typeof auditEntries>
  }
}

export type EventRecord = Omit<RecordOf<typeof events>, 'sequence'>
export type AuditEntryRecord = RecordOf<typeof auditEntries>
