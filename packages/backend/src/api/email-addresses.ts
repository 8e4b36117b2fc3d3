import type { DeletedObjectJSON, EmailAddressJSON, VerificationJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'
import { toDeletedObject, type DeletedObject } from './deleted-objects.js'
import {
  toCodeVerification,
  toIdentificationLink,
  toOptionalVerification,
  type AttemptVerificationParams,
  type CodeVerification,
  type IdentificationLink,
  type Verification,
} from './verifications.js'

export class EmailAddressesApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  async getEmailAddress(emailAddressId: string): Promise<EmailAddress> {
    return toEmailAddress(await this.client.request('GET', path`/email_addresses/${emailAddressId}`))
  }

  async createEmailAddress(params: CreateEmailAddressParams): Promise<EmailAddress> {
    return toEmailAddress(await this.client.request('POST', path`/email_addresses`, { body: params }))
  }

  async updateEmailAddress(emailAddressId: string, params: UpdateEmailAddressParams = {}): Promise<EmailAddress> {
    return toEmailAddress(await this.client.request('PATCH', path`/email_addresses/${emailAddressId}`, { body: params }))
  }

  async deleteEmailAddress(emailAddressId: string): Promise<DeletedObject> {
    return toDeletedObject(await this.client.request<DeletedObjectJSON>('DELETE', path`/email_addresses/${emailAddressId}`))
  }

  /** Sends a one-time code to the address; {@link attemptVerification} checks it. */
  async prepareVerification(emailAddressId: string): Promise<CodeVerification> {
    return toCodeVerification(
      await this.client.request<VerificationJSON>('POST', path`/email_addresses/${emailAddressId}/prepare_verification`),
    )
  }

  /** Checks a code. A wrong or late one is no error: the status of the answer says so. */
  async attemptVerification(emailAddressId: string, params: AttemptVerificationParams): Promise<CodeVerification> {
    return toCodeVerification(
      await this.client.request<VerificationJSON>('POST', path`/email_addresses/${emailAddressId}/attempt_verification`, {
        body: params,
      }),
    )
  }
}

export interface EmailAddress {
  id: string
  emailAddress: string
  verification: Verification | null
  linkedTo: IdentificationLink[]
}

export interface CreateEmailAddressParams {
  userId: string
  emailAddress: string
  /** Default is false. */
  verified?: boolean
  /** Default is false, unless it is the user's first address. */
  primary?: boolean
  /** Tells the previous primary address of the change. Default is false. */
  notifyPrimaryEmailAddressChanged?: boolean
}

export interface UpdateEmailAddressParams {
  verified?: boolean
  primary?: boolean
  /** Tells the previous primary address of the change. Default is false. */
  notifyPrimaryEmailAddressChanged?: boolean
}

export function toEmailAddress(json: EmailAddressJSON): EmailAddress {
  return {
    id: json.id,
    emailAddress: json.email_address,
    verification: toOptionalVerification(json.verification),
    linkedTo: json.linked_to.map(toIdentificationLink),
  }
}
