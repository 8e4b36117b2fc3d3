import type { SignUpJSON, SignUpVerificationsJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { hasPassword, signUpStatus, verificationsAt } from './sign-ups.rules.js'
import type { SignUpRecord } from './sign-ups.table.js'

const schema = component(
  'SignUp',
  z.object({
    object: z.literal('sign_up_attempt'),
    id: z.string(),
    status: z.enum(['missing_requirements', 'complete', 'abandoned']),
    required_fields: z.array(z.string()),
    optional_fields: z.array(z.string()),
    missing_fields: z.array(z.string()),
    unverified_fields: z.array(z.string()),
    verifications: z.custom<SignUpVerificationsJSON>(),
    username: z.string().nullable(),
    email_address: z.string().nullable(),
    phone_number: z.string().nullable(),
    web3_wallet: z.string().nullable(),
    password_enabled: z.boolean(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    locale: z.string().nullable(),
    public_metadata: anyObject,
    unsafe_metadata: anyObject,
    custom_action: z.boolean(),
    external_id: z.string().nullable(),
    created_session_id: z.string().nullable(),
    created_user_id: z.string().nullable(),
    abandon_at: milliseconds,
    legal_accepted_at: milliseconds.nullable(),
  } satisfies Shape<Omit<SignUpJSON, 'external_account'>>),
)

/** Without the deprecated `external_account`: `verifications` has it. */
export const signUp = {
  schema,
  toJSON: (record: SignUpRecord, { clock }: Pick<WireContext, 'clock'>) =>
    toWire(schema, record, {
      object: 'sign_up_attempt',
      status: signUpStatus(record, clock.now()),
      verifications: verificationsAt(record.verifications, clock.now()),
      password_enabled: hasPassword(record),
    }),
}
