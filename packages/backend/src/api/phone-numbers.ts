import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { PhoneNumber } from './phone-number.js'
import type { AttemptVerificationParams, CodeVerification } from './verifications.js'

/** The phone numbers of users. */
export class PhoneNumbersApi extends Api {
  /**
   * Gets a number by its id.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/phone-numbers/GET/phone_numbers/%7Bphone_number_id%7D
   */
  async getPhoneNumber(phoneNumberId: string): Promise<PhoneNumber> {
    return this.read(path`/phone_numbers/${phoneNumberId}`)
  }

  /**
   * Adds a number to a user; no message is sent.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/phone-numbers/POST/phone_numbers
   */
  async createPhoneNumber(params: CreatePhoneNumberParams): Promise<PhoneNumber> {
    return this.post(path`/phone_numbers`, params)
  }

  /**
   * Makes a number verified, primary or a second factor.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/phone-numbers/PATCH/phone_numbers/%7Bphone_number_id%7D
   */
  async updatePhoneNumber(phoneNumberId: string, params: UpdatePhoneNumberParams = {}): Promise<PhoneNumber> {
    return this.patch(path`/phone_numbers/${phoneNumberId}`, params)
  }

  /**
   * Deletes a number of a user.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/phone-numbers/DELETE/phone_numbers/%7Bphone_number_id%7D
   */
  async deletePhoneNumber(phoneNumberId: string): Promise<DeletedObject> {
    return this.remove(path`/phone_numbers/${phoneNumberId}`)
  }

  /**
   * Sends a one-time code to the number; {@link attemptVerification} checks it.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 429 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/phone-numbers/POST/phone_numbers/%7Bphone_number_id%7D/prepare_verification
   */
  async prepareVerification(phoneNumberId: string): Promise<CodeVerification> {
    return this.post(path`/phone_numbers/${phoneNumberId}/prepare_verification`)
  }

  /**
   * Checks a code. A wrong or expired code is not an error: the status of the answer says so.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/phone-numbers/POST/phone_numbers/%7Bphone_number_id%7D/attempt_verification
   */
  async attemptVerification(phoneNumberId: string, params: AttemptVerificationParams): Promise<CodeVerification> {
    return this.post(path`/phone_numbers/${phoneNumberId}/attempt_verification`, params)
  }
}

export interface CreatePhoneNumberParams {
  userId: string
  /** In E.164 form. */
  phoneNumber: string
  /** Default is false. */
  verified?: boolean
  /** Default is false, unless it is the user's first number. */
  primary?: boolean
  /** Requires a verified number. The user's first such number becomes the default second factor. */
  reservedForSecondFactor?: boolean
}

export interface UpdatePhoneNumberParams {
  verified?: boolean
  primary?: boolean
  /** Requires a verified number. The user's first such number becomes the default second factor. */
  reservedForSecondFactor?: boolean
}
