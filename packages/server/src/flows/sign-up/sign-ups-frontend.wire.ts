import type { FrontendSignUpJSON, SignUpVerificationsJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { hasPassword, signUpStatus, verificationsAt } from '../../resources/sign-ups/sign-ups.rules.js'
import type { SignUpRecord } from '../../resources/sign-ups/sign-ups.table.js'

const schema = component(
  'FrontendSignUp',
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
    has_password: z.boolean(),
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
  } satisfies Shape<FrontendSignUpJSON>),
)

/** A sign-up as its own browser sees it. */
export const frontendSignUp = {
  schema,
  toJSON: (record: SignUpRecord, { clock }: Pick<WireContext, 'clock'>) =>
    toWire(schema, record, {
      object: 'sign_up_attempt',
      status: signUpStatus(record, clock.now()),
      verifications: verificationsAt(record.verifications, clock.now()),
      password_enabled: hasPassword(record),
      has_password: hasPassword(record),
    }),
}

/** A connection of the company to which the address belongs. */
export interface EnterpriseConnectionChoice {
  id: string
  name: string
}

export const enterpriseConnection = {
  schema: component('SignUpEnterpriseConnection', z.object({ id: z.string(), name: z.string() })),
  toJSON: ({ id, name }: EnterpriseConnectionChoice) => ({ id, name }),
}
