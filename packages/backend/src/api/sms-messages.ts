import type { SMSMessageJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'

export class SMSMessagesApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  async createSMSMessage(params: CreateSMSMessageParams): Promise<SMSMessage> {
    return toSMSMessage(await this.client.request('POST', path`/sms_messages`, { body: params }))
  }
}

export interface SMSMessage {
  id: string
  fromPhoneNumber: string
  toPhoneNumber: string
  message: string
  status: string
  phoneNumberId: string | null
  /** What the template was filled with. */
  data?: Record<string, unknown> | null
}

export interface CreateSMSMessageParams {
  message: string
  phoneNumberId: string
}

export function toSMSMessage(json: SMSMessageJSON): SMSMessage {
  return {
    id: json.id,
    fromPhoneNumber: json.from_phone_number,
    toPhoneNumber: json.to_phone_number,
    message: json.message,
    status: json.status,
    phoneNumberId: json.phone_number_id,
    data: json.data,
  }
}
