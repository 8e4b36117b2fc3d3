import type { DeletedObjectJSON, PhoneNumberJSON, VerificationJSON } from '@latchkey/types'
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

export class PhoneNumbersApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  async getPhoneNumber(phoneNumberId: string): Promise<PhoneNumber> {
    return toPhoneNumber(await this.client.request('GET', path`/phone_numbers/${phoneNumberId}`))
  }

  async createPhoneNumber(params: CreatePhoneNumberParams): Promise<PhoneNumber> {
    return toPhoneNumber(await this.client.request('POST', path`/phone_numbers`, { body: params }))
  }

  async updatePhoneNumber(phoneNumberId: string, params: UpdatePhoneNumberParams = {}): Promise<PhoneNumber> {
    return toPhoneNumber(await this.client.request('PATCH', path`/phone_numbers/${phoneNumberId}`, { body: params }))
  }

  async deletePhoneNumber(phoneNumberId: string): Promise<DeletedObject> {
    return toDeletedObject(await this.client.request<DeletedObjectJSON>('DELETE', path`/phone_numbers/${phoneNumberId}`))
  }

  /** Sends a one-time code to the number; {@link attemptVerification} checks it. */
  async prepareVerification(phoneNumberId: string): Promise<CodeVerification> {
    return toCodeVerification(
      await this.client.request<VerificationJSON>('POST', path`/phone_numbers/${phoneNumberId}/prepare_verification`),
    )
  }

  /** Checks a code. A wrong or late one is no error: the status of the answer says so. */
  async attemptVerification(phoneNumberId: string, params: AttemptVerificationParams): Promise<CodeVerification> {
    return toCodeVerification(
      await this.client.request<VerificationJSON>('POST', path`/phone_numbers/${phoneNumberId}/attempt_verification`, {
        body: params,
      }),
    )
  }
}

export interface PhoneNumber {
  id: string
  /** In E.164 form. */
  phoneNumber: string
  reservedForSecondFactor: boolean
  defaultSecondFactor: boolean
  verification: Verification | null
  linkedTo: IdentificationLink[]
}

export interface CreatePhoneNumberParams {
  userId: string
  /** In E.164 form. */
  phoneNumber: string
  /** Default is false. */
  verified?: boolean
  /** Default is false, unless it is the user's first number. */
  primary?: boolean
  /** Asks for a verified number; the user's first such number becomes the default second factor. */
  reservedForSecondFactor?: boolean
}

export interface UpdatePhoneNumberParams {
  verified?: boolean
  primary?: boolean
  /** Asks for a verified number; the user's first such number becomes the default second factor. */
  reservedForSecondFactor?: boolean
}

export function toPhoneNumber(json: PhoneNumberJSON): PhoneNumber {
  return {
    id: json.id,
    phoneNumber: json.phone_number,
    reservedForSecondFactor: json.reserved_for_second_factor,
    defaultSecondFactor: json.default_second_factor,
    verification: toOptionalVerification(json.verification),
    linkedTo: json.linked_to.map(toIdentificationLink),
  }
}
