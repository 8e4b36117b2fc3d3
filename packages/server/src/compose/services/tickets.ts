import type { InstanceContext } from '../../instances/instance-context.js'
import { ActorTokenService } from '../../resources/actor-tokens/actor-tokens.service.js'
import { AgentTaskService } from '../../resources/agent-tasks/agent-tasks.service.js'
import { SignInTokenService } from '../../resources/sign-in-tokens/sign-in-tokens.service.js'
import { TestingTokenService } from '../../resources/testing-tokens/testing-tokens.service.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'

/** Links and tokens that let a user, or somebody in their place, in. */
export function createTicketServices(
  context: InstanceContext,
  { organizationRecords, tickets }: InstanceServices,
  { userRecords }: IdentityServices,
) {
  return {
    signInTokens: new SignInTokenService({ context, tickets, userRecords, organizationRecords }),
    actorTokens: new ActorTokenService({ context, tickets, userRecords }),
    agentTasks: new AgentTaskService({ context, tickets, userRecords }),
    testingTokens: new TestingTokenService(context),
  }
}
