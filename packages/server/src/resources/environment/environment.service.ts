import type { InstanceContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import type { Caller } from '../../kernel/caller.js'
import type { InstanceSettingsService } from '../instance-settings/instance-settings.service.js'
import { environmentErrors } from './environment.errors.js'
import {
  authConfig,
  displayConfig,
  homeUrlOf,
  organizationSettings,
  toAccountPortalJSON,
  userSettings,
} from './environment.rules.js'

interface EnvironmentOptions {
  context: InstanceContext
  instanceSettings: InstanceSettingsService
}

/** What a browser has to know of an instance before anybody signs in: its settings, and where its pages are. */
export class EnvironmentService {
  constructor(private readonly options: EnvironmentOptions) {}

  /** @param origin of the page that asks: in development the application is where it is asked from */
  async get(origin: string | undefined, caller: Caller) {
    const { context, instanceSettings } = this.options
    const { instance } = context
    const { initialRoleSet } = await instanceSettings.getOrganizationSettings()
    const keyOf = (id: string) => initialRoleSet.roles.find((role) => role.id === id)!.key
    const hostedUrl = frontendApiUrlOf(instance, context.publicUrl(), caller)
    return {
      auth_config: authConfig(instance),
      display_config: displayConfig(instance, { homeUrl: homeUrlOf(instance, { origin, hostedUrl }), hostedUrl }),
      user_settings: userSettings(instance.settings),
      organization_settings: organizationSettings(instance.settings, {
        creatorRole: keyOf(initialRoleSet.creatorRoleId),
        defaultRole: keyOf(initialRoleSet.defaultRoleId),
      }),
      fraud_settings: { object: 'fraud_settings', native: { device_attestation_mode: 'disabled' } },
      commerce_settings: {
        billing: {
          stripe_publishable_key: null,
          free_trial_requires_payment_method: true,
          user: { enabled: false, has_paid_plans: false },
          organization: { enabled: false, has_paid_plans: false },
        },
      },
      api_keys_settings: { enabled: false, user_api_keys_enabled: false, orgs_api_keys_enabled: false },
      protect_config: { loaders: [] },
      client_debug_mode: false,
      partitioned_cookies: false,
      maintenance_mode: false,
    }
  }

  /**
   * The hosted pages, as the browser packages of Expo and others ask for them.
   *
   * @param origin as `get`
   */
  accountPortal(origin: string | undefined, caller: Caller) {
    const { context } = this.options
    const { instance } = context
    const hostedUrl = frontendApiUrlOf(instance, context.publicUrl(), caller)
    const homeUrl = homeUrlOf(instance, { origin, hostedUrl })
    return toAccountPortalJSON(displayConfig(instance, { homeUrl, hostedUrl }), instance.settings.display)
  }

  /**
   * Switches organizations on, as the browser package offers to developers whose page needs them.
   *
   * @throws {ApiError} 403 `request_invalid_for_environment` in production
   */
  async enable(
    { organizations, personalAccounts }: { organizations: boolean; personalAccounts: boolean | undefined },
    caller: Caller,
  ): Promise<void> {
    const { context, instanceSettings } = this.options
    if (context.instance.environmentType !== 'development') throw environmentErrors.developmentOnly()
    if (!organizations) return
    await instanceSettings.updateOrganizationSettings(
      { enabled: true, ...(personalAccounts === undefined ? {} : { personalAccountsEnabled: personalAccounts }) },
      caller,
    )
  }
}
