import type { AgentTaskJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { TicketOf } from '../tickets/tickets.table.js'
import type { Shown } from '../tickets/tickets.wire.js'

const schema = component(
  'AgentTask',
  z.object({
    object: z.literal('agent_task'),
    agent_id: z.string(),
    agent_task_id: z.string(),
    task_id: z.string(),
    url: z.string().optional(),
  } satisfies Shape<AgentTaskJSON>),
)

export const agentTask = {
  schema,
  toJSON: ({ id, details, url }: Shown<TicketOf<'agent_task'>>) =>
    toWire(schema, {}, { object: 'agent_task', agent_id: details.agentId, agent_task_id: id, task_id: id, url }),
}
