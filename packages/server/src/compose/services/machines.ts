import type { InstanceContext } from '../../instances/instance-context.js'
import { APIKeyService } from '../../resources/api-keys/api-keys.service.js'
import { M2MTokenService } from '../../resources/m2m-tokens/m2m-tokens.service.js'
import { MachineService } from '../../resources/machines/machines.service.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'

/** Programs: machines, the tokens with which they call each other, and keys that people have for programs of theirs. */
export function createMachineServices(
  context: InstanceContext,
  { signingKeys, organizationRecords }: InstanceServices,
  { userRecords }: IdentityServices,
) {
  const machines = new MachineService(context)
  return {
    machines,
    m2mTokens: new M2MTokenService({ context, signingKeys, machines }),
    apiKeys: new APIKeyService({ context, userRecords, organizationRecords, machines }),
  }
}
