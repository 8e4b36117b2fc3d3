import type { SignUpVerificationsJSON } from '@latchkey/types'
import type { Metadata } from '../../kernel/metadata.js'
import { boolean, integer, json, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const signUps = table(
  'sign_ups',
  { noun: 'sign-up', prefix: 'sua' },
  {
    /** `abandoned` comes with time, see `sign-ups.rules.ts`. */
    status: word<'missing_requirements' | 'complete'>(),
    requiredFields: json<string[]>(),
    optionalFields: json<string[]>(),
    missingFields: json<string[]>(),
    unverifiedFields: json<string[]>(),
    verifications: json<SignUpVerificationsJSON>(),
    username: nullable(text),
    emailAddress: nullable(text),
    phoneNumber: nullable(text),
    web3Wallet: nullable(text),
    /** Erased once the user has it. */
    passwordDigest: nullable(text),
    passwordHasher: nullable(text),
    firstName: nullable(text),
    lastName: nullable(text),
    locale: nullable(text),
    publicMetadata: json<Metadata>(),
    unsafeMetadata: json<Metadata>(),
    customAction: boolean,
    externalId: nullable(text),
    createdSessionId: nullable(text),
    createdUserId: nullable(reference('users')),
    abandonAt: integer,
    legalAcceptedAt: nullable(integer),
    /** The browser it began in: nobody else can read or continue it. */
    clientId: nullable(reference('clients')),
    /** The verifications that were prepared last, for the identifiers as they are now. */
    emailVerificationId: nullable(text),
    phoneVerificationId: nullable(text),
    /** The ticket that it began with, which is spent when it completes. */
    ticketId: nullable(text),
  },
  {
    sign_ups_client: { on: ['clientId', 'createdAt'] },
    sign_ups_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    sign_ups_user: { on: ['createdUserId'] },
    sign_ups_unfinished: { on: ['abandonAt'], where: "status = 'missing_requirements'" },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    sign_ups: RowOf<typeof signUps>
  }
}

export type SignUpRecord = RecordOf<typeof signUps>
