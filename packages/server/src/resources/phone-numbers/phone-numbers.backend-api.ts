import type {
  AttemptVerificationJSON,
  CreatePhoneNumberJSON,
  ReplaceUserPhoneNumberJSON,
  UpdatePhoneNumberJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import { deletedObject } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { identificationStatus } from '../identifications/identification.schema.js'
import { verification } from '../verifications/verification.schema.js'
import { toCodeVerificationJSON } from '../verifications/verification.serializer.js'
import { phoneNumber } from './phone-numbers.schema.js'
import { toPhoneNumberJSON } from './phone-numbers.serializer.js'
import type { ChangedPhoneNumber } from './phone-numbers.service.js'

const writable = {
  verified: z.boolean().nullish(),
  primary: z.boolean().nullish(),
  reserved_for_second_factor: z.boolean().nullish(),
}

const createPhoneNumber = z.object({
  ...writable,
  user_id: z.string(),
  phone_number: z.string(),
} satisfies Shape<CreatePhoneNumberJSON>)

const updatePhoneNumber = z.object(writable satisfies Shape<UpdatePhoneNumberJSON>)

const replacePhoneNumber = z.object({
  phone_number: z.string(),
  identification_status: identificationStatus,
} satisfies Shape<ReplaceUserPhoneNumberJSON>)

const attempt = z.object({ verification_id: z.string(), code: z.string() } satisfies Shape<AttemptVerificationJSON>)

export const phoneNumberEndpoints: Endpoint[] = [
  endpoint(
    'POST /phone_numbers',
    { operationId: 'CreatePhoneNumber', access: 'secret_key', response: phoneNumber, body: createPhoneNumber },
    async ({ body, services: { phoneNumbers } }) =>
      toChangedJSON(await phoneNumbers.create(body.user_id, phoneNumbers.parse(body.phone_number), toInput(body))),
  ),

  endpoint(
    'GET /phone_numbers/:phone_number_id',
    { operationId: 'GetPhoneNumber', access: 'secret_key', response: phoneNumber },
    async ({ params, services: { phoneNumbers } }) => toPhoneNumberJSON(await phoneNumbers.get(params.phone_number_id)),
  ),

  endpoint(
    'PATCH /phone_numbers/:phone_number_id',
    { operationId: 'UpdatePhoneNumber', access: 'secret_key', response: phoneNumber, body: updatePhoneNumber },
    async ({ params, body, services: { phoneNumbers } }) =>
      toChangedJSON(await phoneNumbers.update(params.phone_number_id, toInput(body))),
  ),

  endpoint(
    'DELETE /phone_numbers/:phone_number_id',
    { operationId: 'DeletePhoneNumber', access: 'secret_key', response: deletedObject },
    async ({ params, services: { phoneNumbers } }) => {
      const { id } = await phoneNumbers.delete(params.phone_number_id)
      return { object: 'phone_number', id, deleted: true }
    },
  ),

  endpoint(
    'POST /phone_numbers/:phone_number_id/prepare_verification',
    { operationId: 'PreparePhoneNumberVerification', access: 'secret_key', response: verification },
    async ({ params, services: { phoneNumbers } }) =>
      toCodeVerificationJSON(await phoneNumbers.prepareVerification(params.phone_number_id)),
  ),

  endpoint(
    'POST /phone_numbers/:phone_number_id/attempt_verification',
    { operationId: 'AttemptPhoneNumberVerification', access: 'secret_key', response: verification, body: attempt },
    async ({ params, body, services: { phoneNumbers } }) =>
      toCodeVerificationJSON(
        await phoneNumbers.attemptVerification(params.phone_number_id, body.verification_id, body.code),
      ),
  ),

  endpoint(
    'PUT /users/:user_id/phone_number',
    { operationId: 'ReplaceUserPhoneNumber', access: 'secret_key', response: phoneNumber, body: replacePhoneNumber },
    async ({ params, body, services: { phoneNumbers } }) =>
      toPhoneNumberJSON(
        await phoneNumbers.replace(params.user_id, phoneNumbers.parse(body.phone_number), body.identification_status),
      ),
  ),
]

function toInput(body: UpdatePhoneNumberJSON) {
  return { verified: body.verified, primary: body.primary, reservedForSecondFactor: body.reserved_for_second_factor }
}

function toChangedJSON({ phoneNumber, backupCodes }: ChangedPhoneNumber) {
  return toPhoneNumberJSON(phoneNumber, backupCodes)
}
