import type {
  AttemptVerificationJSON,
  CreateEmailAddressJSON,
  ReplaceUserEmailAddressJSON,
  UpdateEmailAddressJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted, type Shape } from '../../kernel/component.js'
import { identificationStatus } from '../identifications/identifications.wire.js'
import { codeVerification } from '../verifications/verifications.wire.js'
import type { EmailAddressService } from './email-addresses.service.js'
import { emailAddress } from './email-addresses.wire.js'

const writable = {
  verified: z.boolean().nullish(),
  primary: z.boolean().nullish(),
  notify_primary_email_address_changed: z.boolean().nullish(),
}

const createEmailAddress = z.object({
  ...writable,
  user_id: z.string(),
  email_address: z.string(),
} satisfies Shape<CreateEmailAddressJSON>)

const updateEmailAddress = z.object(writable satisfies Shape<UpdateEmailAddressJSON>)

const replaceEmailAddress = z.object({
  email_address: z.string(),
  identification_status: identificationStatus,
  notify_primary_email_address_changed: z.boolean().nullish(),
} satisfies Shape<ReplaceUserEmailAddressJSON>)

const attempt = z.object({ verification_id: z.string(), code: z.string() } satisfies Shape<AttemptVerificationJSON>)

const endpoint = endpointFactory<{ emailAddresses: EmailAddressService }>()
const access = 'secret_key'

export const emailAddressEndpoints = [
  endpoint(
    'POST /email_addresses',
    { operationId: 'CreateEmailAddress', access, body: createEmailAddress, answer: emailAddress },
    ({ body: { userId, emailAddress: address, ...input }, caller, services }) =>
      services.emailAddresses.create(userId, address, input, caller),
  ),

  endpoint(
    'GET /email_addresses/:email_address_id',
    { operationId: 'GetEmailAddress', access, answer: emailAddress },
    ({ params, services }) => services.emailAddresses.get(params.emailAddressId),
  ),

  endpoint(
    'PATCH /email_addresses/:email_address_id',
    { operationId: 'UpdateEmailAddress', access, body: updateEmailAddress, answer: emailAddress },
    ({ params, body, caller, services }) => services.emailAddresses.update(params.emailAddressId, body, caller),
  ),

  endpoint(
    'DELETE /email_addresses/:email_address_id',
    { operationId: 'DeleteEmailAddress', access, answer: deleted('email_address') },
    ({ params, caller, services }) => services.emailAddresses.delete(params.emailAddressId, caller),
  ),

  endpoint(
    'POST /email_addresses/:email_address_id/prepare_verification',
    { operationId: 'PrepareEmailAddressVerification', access, answer: codeVerification },
    ({ params, caller, services }) => services.emailAddresses.prepareVerification(params.emailAddressId, caller),
  ),

  endpoint(
    'POST /email_addresses/:email_address_id/attempt_verification',
    { operationId: 'AttemptEmailAddressVerification', access, body: attempt, answer: codeVerification },
    ({ params, body, caller, services }) =>
      services.emailAddresses.attemptVerification(params.emailAddressId, body, caller),
  ),

  endpoint(
    'PUT /users/:user_id/email_address',
    { operationId: 'ReplaceUserEmailAddress', access, body: replaceEmailAddress, answer: emailAddress },
    ({ params, body: { emailAddress: address, identificationStatus: status, ...input }, caller, services }) =>
      services.emailAddresses.replace({ userId: params.userId, status }, address, input, caller),
  ),
]
