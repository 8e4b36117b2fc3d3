import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { shortText } from '../../kernel/schemas.js'
import type { AgentTaskService } from './agent-tasks.service.js'
import { agentTask } from './agent-tasks.wire.js'

const endpoint = endpointFactory<{ agentTasks: AgentTaskService }>()
const access = 'secret_key'

export const agentTaskEndpoints = [
  endpoint(
    'POST /agents/tasks',
    {
      operationId: 'CreateAgentTask',
      access,
      body: z.object({
        on_behalf_of: z.strictObject({ user_id: z.string().optional(), identifier: z.string().optional() }),
        permissions: z.enum(['*']),
        agent_name: shortText.min(1),
        task_description: z.string().min(1).max(4096),
        redirect_url: z.string().max(2048),
        session_max_duration_in_seconds: z.int().min(1).max(315_360_000).optional(),
      }),
      answer: agentTask,
    },
    ({ body, caller, services }) => services.agentTasks.create(body, caller),
  ),

  endpoint(
    'POST /agents/tasks/:agent_task_id/revoke',
    { operationId: 'RevokeAgentTask', access, answer: agentTask },
    ({ params, caller, services }) => services.agentTasks.revoke(params.agentTaskId, caller),
  ),
]
