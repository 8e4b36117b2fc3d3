import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { originOf } from '../../http/frontend/origin.js'
import { component } from '../../kernel/component.js'
import type { EnvironmentService } from './environment.service.js'

type Environment = Awaited<ReturnType<EnvironmentService['get']>>

const environment = {
  schema: component('Environment', z.custom<Environment>()),
  toJSON: (value: Environment): Environment => value,
}

type AccountPortal = ReturnType<EnvironmentService['accountPortal']>

const accountPortal = {
  schema: component('AccountPortal', z.custom<AccountPortal>()),
  toJSON: (value: AccountPortal): AccountPortal => value,
}

const setting = z.object({
  enable_organizations: z.boolean().nullish(),
  organization_allow_personal_accounts: z.boolean().nullish(),
})

const endpoint = frontendEndpointFactory<{ environment: EnvironmentService }>()

export const environmentEndpoints = [
  endpoint(
    'GET /environment',
    { operationId: 'getEnvironment', access: 'public', answer: environment, bare: true },
    ({ caller, services, request }) => services.environment.get(originOf(request), caller),
  ),

  // What it updates at the real service, the origin of the application in development, is read from each request here.
  endpoint(
    'PATCH /environment',
    { operationId: 'updateEnvironment', access: 'public', answer: environment, bare: true },
    ({ caller, services, request }) => services.environment.get(originOf(request), caller),
  ),

  endpoint(
    'PATCH /dev_tools/enable_environment_setting',
    { operationId: 'enableEnvironmentSetting', access: 'public', body: setting, answer: environment, bare: true },
    async ({ body, caller, services, request }) => {
      const { enableOrganizations, organizationAllowPersonalAccounts: personalAccounts } = body
      const wanted = { organizations: enableOrganizations ?? false, personalAccounts: personalAccounts ?? undefined }
      await services.environment.enable(wanted, caller)
      return services.environment.get(originOf(request), caller)
    },
  ),

  endpoint(
    'GET /account_portal',
    { operationId: 'getAccountPortal', access: 'public', answer: accountPortal, bare: true },
    async ({ caller, services, request }) => services.environment.accountPortal(originOf(request), caller),
  ),
]
