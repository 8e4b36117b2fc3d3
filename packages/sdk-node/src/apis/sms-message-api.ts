import type { SMSMessageJSON } from '@latchkey/backend/types'
import { SMSMessage } from '../resources.js'
import { Api } from './api.js'

export interface CreateSMSMessageParams {
  message: string
  phoneNumberId: string
}

export class SMSMessageApi extends Api {
  async createSMSMessage(params: CreateSMSMessageParams): Promise<SMSMessage> {
    return new SMSMessage((await this.rest.request('POST', '/sms_messages', { form: params })) as SMSMessageJSON)
  }
}
