import type {
  AttemptVerificationJSON,
  CreatePhoneNumberJSON,
  ReplaceUserPhoneNumberJSON,
  UpdatePhoneNumberJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted, type Shape } from '../../kernel/component.js'
import { identificationStatus } from '../identifications/identifications.wire.js'
import { codeVerification } from '../verifications/verifications.wire.js'
import type { PhoneNumberService } from './phone-numbers.service.js'
import { phoneNumber } from './phone-numbers.wire.js'

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

const endpoint = endpointFactory<{ phoneNumbers: PhoneNumberService }>()
const access = 'secret_key'

export const phoneNumberEndpoints = [
  endpoint(
    'POST /phone_numbers',
    { operationId: 'CreatePhoneNumber', access, body: createPhoneNumber, answer: phoneNumber },
    ({ body: { userId, phoneNumber: number, ...input }, caller, services }) =>
      services.phoneNumbers.create(userId, number, input, caller),
  ),

  endpoint(
    'GET /phone_numbers/:phone_number_id',
    { operationId: 'GetPhoneNumber', access, answer: phoneNumber },
    ({ params, services }) => services.phoneNumbers.get(params.phoneNumberId),
  ),

  endpoint(
    'PATCH /phone_numbers/:phone_number_id',
    { operationId: 'UpdatePhoneNumber', access, body: updatePhoneNumber, answer: phoneNumber },
    ({ params, body, caller, services }) => services.phoneNumbers.update(params.phoneNumberId, body, caller),
  ),

  endpoint(
    'DELETE /phone_numbers/:phone_number_id',
    { operationId: 'DeletePhoneNumber', access, answer: deleted('phone_number') },
    ({ params, caller, services }) => services.phoneNumbers.delete(params.phoneNumberId, caller),
  ),

  endpoint(
    'POST /phone_numbers/:phone_number_id/prepare_verification',
    { operationId: 'PreparePhoneNumberVerification', access, answer: codeVerification },
    ({ params, caller, services }) => services.phoneNumbers.prepareVerification(params.phoneNumberId, caller),
  ),

  endpoint(
    'POST /phone_numbers/:phone_number_id/attempt_verification',
    { operationId: 'AttemptPhoneNumberVerification', access, body: attempt, answer: codeVerification },
    ({ params, body, caller, services }) =>
      services.phoneNumbers.attemptVerification(params.phoneNumberId, body, caller),
  ),

  endpoint(
    'PUT /users/:user_id/phone_number',
    { operationId: 'ReplaceUserPhoneNumber', access, body: replacePhoneNumber, answer: phoneNumber },
    ({ params, body, caller, services }) =>
      services.phoneNumbers.replace(
        { userId: params.userId, status: body.identificationStatus },
        body.phoneNumber,
        caller,
      ),
  ),
]
