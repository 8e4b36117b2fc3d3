import type { BatchEmailResultJSON, CreateEmailJSON, CreateSMSMessageJSON, SendEmailsJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { toApiError } from '../../http/validation.js'
import { anyObject, clerkError, component, type Shape } from '../../kernel/component.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import { arrayOf, camelizer } from '../../kernel/wire.js'
import type { MessageRecord } from '../../outbox/messages/messages.table.js'
import { email, smsMessage } from '../../outbox/messages/messages.wire.js'
import { sendEmail, type SendEmailInput } from './letters.rules.js'
import type { MessageService } from './messages.service.js'

const createEmail = z.object({
  from_email_name: z.string(),
  /** RFC 5322 allows no longer lines. */
  subject: z.string().min(1).max(998),
  body: z.string().min(1),
  email_address_id: z.string(),
} satisfies Shape<CreateEmailJSON>)

const createSmsMessage = z.object({
  /** Ten messages of 160 characters, the most that gateways join. */
  message: z.string().min(1).max(1600),
  phone_number_id: z.string(),
} satisfies Shape<CreateSMSMessageJSON>)

const sendEmails = z.object({
  messages: z.array(anyObject).min(1).max(100),
} satisfies Shape<SendEmailsJSON>)

/** One of a batch. */
const batchEmail = z.strictObject({ ...sendEmail.shape, idempotency_key: z.string().optional() })
const renameBatchEmail = camelizer(batchEmail)

/** What became of one of a batch. */
type Outcome = { index: number } & ({ email: MessageRecord } | { error: ApiError })

const batchEmailResult = {
  schema: component(
    'BatchEmailResult',
    z.object({
      index: z.int(),
      email: email.schema.optional(),
      errors: z.array(clerkError).optional(),
      status_code: z.int(),
      retry_after_seconds: z.int().optional(),
    } satisfies Shape<BatchEmailResultJSON>),
  ),
  toJSON: (outcome: Outcome) => {
    const { index } = outcome
    if ('email' in outcome) return { index, email: email.toJSON(outcome.email), status_code: 200 }
    return { index, errors: outcome.error.errors, status_code: outcome.error.status }
  },
}

/** Attachments in base64 are larger than any other body. */
const largeBody = true

const endpoint = endpointFactory<{ messages: MessageService }>()
const access = 'secret_key'

export const messageEndpoints = [
  endpoint(
    'POST /emails',
    { operationId: 'CreateEmail', access, body: createEmail, answer: email },
    ({ body, caller, services }) => services.messages.createEmail(body, caller),
  ),

  endpoint(
    'POST /email',
    { operationId: 'SendEmail', access, body: sendEmail, answer: email, largeBody },
    ({ body, caller, services, request }) =>
      services.messages.sendEmail(body, request.headers.get('idempotency-key') ?? undefined, caller),
  ),

  endpoint(
    'POST /email/batch',
    { operationId: 'SendEmails', access, body: sendEmails, answer: arrayOf(batchEmailResult), largeBody },
    async ({ body, caller, services }) => {
      const outcomes: Outcome[] = []
      for (const [index, message] of body.messages.entries()) {
        outcomes.push({
          index,
          ...(await outcomeOf(message, (input, key) => services.messages.sendEmail(input, key, caller))),
        })
      }
      return outcomes
    },
  ),

  endpoint('GET /email/:email_id', { operationId: 'GetEmail', access, answer: email }, ({ params, services }) =>
    services.messages.getEmail(params.emailId),
  ),

  endpoint(
    'POST /sms_messages',
    { operationId: 'CreateSMSMessage', access, body: createSmsMessage, answer: smsMessage },
    ({ body, caller, services }) => services.messages.createSms(body, caller),
  ),
]

/** Each is sent or refused by itself. */
async function outcomeOf(
  message: unknown,
  send: (input: SendEmailInput, key: string | undefined) => Promise<MessageRecord>,
): Promise<{ email: MessageRecord } | { error: ApiError }> {
  const parsed = batchEmail.safeParse(message, { reportInput: true })
  if (!parsed.success) return { error: toApiError(parsed.error, Object.keys(batchEmail.shape)) }
  const { idempotencyKey, ...input } = renameBatchEmail(parsed.data) as SendEmailInput & { idempotencyKey?: string }
  try {
    return { email: await send(input, idempotencyKey) }
  } catch (error) {
    if (error instanceof ApiError) return { error }
    throw error
  }
}
