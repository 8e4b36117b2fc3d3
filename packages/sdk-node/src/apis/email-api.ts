import type { EmailJSON } from '@latchkey/backend/types'
import { Email } from '../resources.js'
import { Api } from './api.js'

export interface CreateEmailParams {
  /** The part of the sender's address before the `@`. */
  fromEmailName: string
  subject: string
  /** HTML. */
  body: string
  emailAddressId: string
}

export class EmailApi extends Api {
  async createEmail(params: CreateEmailParams): Promise<Email> {
    return new Email((await this.rest.request('POST', '/emails', { form: params })) as EmailJSON)
  }
}
