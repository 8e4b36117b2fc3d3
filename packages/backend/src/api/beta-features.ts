import type { InstanceSettingsJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { ChangeDomainParams } from './instance.js'
import type { Resource } from './resource.js'

/** Settings that are not final yet, and older names of settings that are. */
export class BetaFeaturesApi extends Api {
  /**
   * Moves a production instance to another domain.
   *
   * @deprecated Use `instance.changeDomain`.
   * @see https://clerk.com/docs/reference/backend/overview
   */
  async changeDomain(params: ChangeDomainParams): Promise<void> {
    return this.post(path`/beta_features/change_domain`, params)
  }

  /**
   * Moves a production instance to another domain.
   *
   * @deprecated Use `instance.changeDomain`.
   * @throws {ClerkAPIResponseError} With status 400 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/beta-features/PUT/beta_features/domain
   */
  async updateDomain(params: ChangeDomainParams): Promise<void> {
    return this.put(path`/beta_features/domain`, params)
  }

  /**
   * Changes settings that are not final.
   *
   * @throws {ClerkAPIResponseError} With status 402 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/beta-features/PATCH/beta_features/instance_settings
   */
  async updateInstanceSettings(params: UpdateInstanceSettingsParams): Promise<InstanceSettings> {
    return this.patch(path`/beta_features/instance_settings`, params)
  }
}

export type InstanceSettings = Resource<InstanceSettingsJSON>

export interface UpdateInstanceSettingsParams {
  /** Lets only people on the allowlist sign up. */
  restrictedToAllowlist?: boolean | null
  /** The part before the `@`. */
  fromEmailAddress?: string | null
  progressiveSignUp?: boolean | null
  /** Accepts the test e-mail addresses and phone numbers. */
  testMode?: boolean | null
}
