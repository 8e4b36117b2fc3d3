import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { EmailAddress } from './email-address.js'
import type { AttemptVerificationParams, CodeVerification } from './verifications.js'

/** The e-mail addresses of users. */
export class EmailAddressesApi extends Api {
  /**
   * Gets an address by its id.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/email-addresses/GET/email_addresses/%7Bemail_address_id%7D
   */
  async getEmailAddress(emailAddressId: string): Promise<EmailAddress> {
    return this.read(path`/email_addresses/${emailAddressId}`)
  }

  /**
   * Adds an address to a user; no mail is sent.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/email-addresses/POST/email_addresses
   */
  async createEmailAddress(params: CreateEmailAddressParams): Promise<EmailAddress> {
    return this.post(path`/email_addresses`, params)
  }

  /**
   * Makes an address verified or primary.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 409.
   * @see https://clerk.com/docs/reference/backend-api/tag/email-addresses/PATCH/email_addresses/%7Bemail_address_id%7D
   */
  async updateEmailAddress(emailAddressId: string, params: UpdateEmailAddressParams = {}): Promise<EmailAddress> {
    return this.patch(path`/email_addresses/${emailAddressId}`, params)
  }

  /**
   * Deletes an address of a user.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 409.
   * @see https://clerk.com/docs/reference/backend-api/tag/email-addresses/DELETE/email_addresses/%7Bemail_address_id%7D
   */
  async deleteEmailAddress(emailAddressId: string): Promise<DeletedObject> {
    return this.remove(path`/email_addresses/${emailAddressId}`)
  }

  /**
   * Sends a one-time code to the address; {@link attemptVerification} checks it.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/email-addresses/POST/email_addresses/%7Bemail_address_id%7D/prepare_verification
   */
  async prepareVerification(emailAddressId: string): Promise<CodeVerification> {
    return this.post(path`/email_addresses/${emailAddressId}/prepare_verification`)
  }

  /**
   * Checks a code. A wrong or expired code is not an error: the status of the answer says so.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/email-addresses/POST/email_addresses/%7Bemail_address_id%7D/attempt_verification
   */
  async attemptVerification(emailAddressId: string, params: AttemptVerificationParams): Promise<CodeVerification> {
    return this.post(path`/email_addresses/${emailAddressId}/attempt_verification`, params)
  }
}

export interface CreateEmailAddressParams {
  userId: string
  emailAddress: string
  /** Default is false. */
  verified?: boolean
  /** Default is false, unless it is the user's first address. */
  primary?: boolean
  /** Notifies the previous primary address of the change. Default is false. */
  notifyPrimaryEmailAddressChanged?: boolean
}

export interface UpdateEmailAddressParams {
  verified?: boolean
  primary?: boolean
  /** Notifies the previous primary address of the change. Default is false. */
  notifyPrimaryEmailAddressChanged?: boolean
}
