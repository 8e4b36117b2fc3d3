import type {
  AttemptVerificationJSON,
  CreateEmailAddressJSON,
  ReplaceUserEmailAddressJSON,
  UpdateEmailAddressJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import { deletedObject } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { identificationStatus } from '../identifications/identification.schema.js'
import { verification } from '../verifications/verification.schema.js'
import { toCodeVerificationJSON } from '../verifications/verification.serializer.js'
import { emailAddress } from './email-addresses.schema.js'
import { toEmailAddressJSON } from './email-addresses.serializer.js'

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

export const emailAddressEndpoints: Endpoint[] = [
  endpoint(
    'POST /email_addresses',
    { operationId: 'CreateEmailAddress', access: 'secret_key', response: emailAddress, body: createEmailAddress },
    async ({ body, services: { emailAddresses } }) =>
      toEmailAddressJSON(
        await emailAddresses.create(body.user_id, emailAddresses.parse(body.email_address), toInput(body)),
      ),
  ),

  endpoint(
    'GET /email_addresses/:email_address_id',
    { operationId: 'GetEmailAddress', access: 'secret_key', response: emailAddress },
    async ({ params, services: { emailAddresses } }) =>
      toEmailAddressJSON(await emailAddresses.get(params.email_address_id)),
  ),

  endpoint(
    'PATCH /email_addresses/:email_address_id',
    { operationId: 'UpdateEmailAddress', access: 'secret_key', response: emailAddress, body: updateEmailAddress },
    async ({ params, body, services: { emailAddresses } }) =>
      toEmailAddressJSON(await emailAddresses.update(params.email_address_id, toInput(body))),
  ),

  endpoint(
    'DELETE /email_addresses/:email_address_id',
    { operationId: 'DeleteEmailAddress', access: 'secret_key', response: deletedObject },
    async ({ params, services: { emailAddresses } }) => {
      const { id } = await emailAddresses.delete(params.email_address_id)
      return { object: 'email_address', id, deleted: true }
    },
  ),

  endpoint(
    'POST /email_addresses/:email_address_id/prepare_verification',
    { operationId: 'PrepareEmailAddressVerification', access: 'secret_key', response: verification },
    async ({ params, services: { emailAddresses } }) =>
      toCodeVerificationJSON(await emailAddresses.prepareVerification(params.email_address_id)),
  ),

  endpoint(
    'POST /email_addresses/:email_address_id/attempt_verification',
    { operationId: 'AttemptEmailAddressVerification', access: 'secret_key', response: verification, body: attempt },
    async ({ params, body, services: { emailAddresses } }) =>
      toCodeVerificationJSON(
        await emailAddresses.attemptVerification(params.email_address_id, body.verification_id, body.code),
      ),
  ),

  endpoint(
    'PUT /users/:user_id/email_address',
    { operationId: 'ReplaceUserEmailAddress', access: 'secret_key', response: emailAddress, body: replaceEmailAddress },
    async ({ params, body, services: { emailAddresses } }) =>
      toEmailAddressJSON(
        await emailAddresses.replace(
          params.user_id,
          emailAddresses.parse(body.email_address),
          body.identification_status,
          toInput(body),
        ),
      ),
  ),
]

function toInput(body: UpdateEmailAddressJSON) {
  return {
    verified: body.verified,
    primary: body.primary,
    notifyPrimaryChanged: body.notify_primary_email_address_changed,
  }
}
