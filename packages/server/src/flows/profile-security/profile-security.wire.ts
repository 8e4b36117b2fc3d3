import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { SessionRecord } from '../../resources/sessions/sessions.table.js'
import { sessionActivity, statusJSON } from '../../resources/sessions/sessions.wire.js'
import type { TotpEnrolmentRecord } from './totp-enrolments.table.js'

/** An authenticator app while it is added, and the answer to its first code. */
export interface TotpView {
  enrolment: TotpEnrolmentRecord
  verified: boolean
  /** Both shown until a code has come. */
  secret: string | null
  uri: string | null
  /** Shown once, with the first second factor. */
  backupCodes: readonly string[] | null
}

const totpSchema = component(
  'Totp',
  z.object({
    object: z.literal('totp'),
    id: z.string(),
    secret: z.string().nullable(),
    uri: z.string().nullable(),
    verified: z.boolean(),
    backup_codes: z.array(z.string()).nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

export const totp = {
  schema: totpSchema,
  toJSON: ({ enrolment: { id, createdAt, updatedAt }, ...view }: TotpView): z.output<typeof totpSchema> => ({
    object: 'totp',
    id,
    secret: view.secret,
    uri: view.uri,
    verified: view.verified,
    backup_codes: view.backupCodes && [...view.backupCodes],
    created_at: createdAt,
    updated_at: updatedAt,
  }),
}

/** The id of an app that was confirmed is not kept. */
const removedTotpSchema = component('RemovedTotp', z.object({ object: z.literal('totp'), deleted: z.literal(true) }))

export const removedTotp = {
  schema: removedTotpSchema,
  toJSON: (): z.output<typeof removedTotpSchema> => ({ object: 'totp', deleted: true }),
}

export interface NewBackupCodes {
  id: string
  codes: readonly string[]
  /** Unix milliseconds. */
  createdAt: number
}

const backupCodesSchema = component(
  'BackupCodes',
  z.object({
    object: z.literal('backup_code'),
    id: z.string(),
    codes: z.array(z.string()),
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

export const backupCodes = {
  schema: backupCodesSchema,
  toJSON: ({ id, codes, createdAt }: NewBackupCodes): z.output<typeof backupCodesSchema> => ({
    object: 'backup_code',
    id,
    codes: [...codes],
    created_at: createdAt,
    updated_at: createdAt,
  }),
}

const activeSessionSchema = component(
  'ActiveSession',
  z.object({
    object: z.literal('session'),
    id: z.string(),
    status: z.enum(['active', 'pending', 'revoked', 'ended', 'expired', 'removed', 'abandoned', 'replaced']),
    actor: anyObject.nullable(),
    tasks: z.array(z.object({ key: z.string() })).nullable(),
    latest_activity: sessionActivity.optional(),
    last_active_at: milliseconds,
    expire_at: milliseconds,
    abandon_at: milliseconds,
  }),
)

/** With what it was last used with, and without a token: only its own browser gets one. */
export const activeSession = {
  schema: activeSessionSchema,
  toJSON: (session: SessionRecord, context: Pick<WireContext, 'clock' | 'instance'>) => {
    const { latestActivity, ...record } = session
    return toWire(activeSessionSchema, record, {
      object: 'session',
      ...statusJSON(session, context),
      latest_activity: latestActivity ?? undefined,
    })
  },
}
