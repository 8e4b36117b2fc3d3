import type { SMSMessageJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Text messages to users. */
export class SMSMessagesApi extends Api {
  /**
   * Sends a text message to one of the instance's phone numbers.
   *
   * @see https://clerk.com/docs/reference/backend/overview
   */
  async createSMSMessage(params: CreateSMSMessageParams): Promise<SMSMessage> {
    return this.post(path`/sms_messages`, params)
  }
}

export type SMSMessage = Resource<SMSMessageJSON>

export interface CreateSMSMessageParams {
  message: string
  /** Must be verified. */
  phoneNumberId: string
}
