import type { Metadata, SignUpJSON, SignUpVerificationJSON, SignUpVerificationsJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource, Translated } from './resource.js'

/** Sign-ups in progress. */
export class SignUpsApi extends Api {
  /**
   * Gets a sign-up by its id.
   *
   * @throws {ClerkAPIResponseError} With status 403.
   * @see https://clerk.com/docs/reference/backend-api/tag/sign-ups/GET/sign_ups/%7Bid%7D
   */
  async get(signUpAttemptId: string): Promise<SignUpAttempt> {
    return this.read(path`/sign_ups/${signUpAttemptId}`)
  }

  /**
   * Changes a sign-up.
   *
   * @throws {ClerkAPIResponseError} With status 403.
   * @see https://clerk.com/docs/reference/backend-api/tag/sign-ups/PATCH/sign_ups/%7Bid%7D
   */
  async update({ signUpAttemptId, ...body }: UpdateSignUpParams): Promise<SignUpAttempt> {
    return this.patch(path`/sign_ups/${signUpAttemptId}`, body)
  }
}

export interface SignUpAttempt extends Omit<Resource<SignUpJSON>, 'publicMetadata' | 'unsafeMetadata'> {
  verifications: SignUpVerifications
  publicMetadata?: Metadata | null
  unsafeMetadata?: (SignUpUnsafeMetadata & Metadata) | null
  /** Unix milliseconds. */
  abandonAt: number
}

export type SignUpVerifications = Translated<SignUpVerificationsJSON>

export type SignUpVerification = Translated<SignUpVerificationJSON>

export interface UpdateSignUpParams {
  signUpAttemptId: string
  /** Becomes the user's external id. */
  externalId?: string | null
  /** Whether the application's own step, which the sign-up waits for, is done. */
  customAction?: boolean | null
}
