import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { pageQuery } from '../../kernel/page.js'
import { MAX_SCOPES } from './machines.rules.js'
import type { MachineService } from './machines.service.js'
import { deletedMachineScope, machine, machineScope, machineSecretKey } from './machines.wire.js'

const endpoint = endpointFactory<{ machines: MachineService }>()
const access = 'secret_key'

const name = z.string().min(1).max(255)
/** Seconds. */
const defaultTokenTtl = z.int().min(1).max(315_360_000).optional()

export const machineEndpoints = [
  endpoint(
    'GET /machines',
    {
      operationId: 'ListMachines',
      access,
      query: z.object({ ...pageQuery, query: z.string().optional(), order_by: z.string().optional() }),
      answer: machine,
      list: 'page',
    },
    ({ query, services }) => services.machines.list(query),
  ),

  endpoint(
    'POST /machines',
    {
      operationId: 'CreateMachine',
      access,
      body: z.object({
        name,
        scoped_machines: z.array(z.string()).max(MAX_SCOPES).optional(),
        default_token_ttl: defaultTokenTtl,
      }),
      answer: machine,
    },
    ({ body, caller, services }) => services.machines.create(body, caller),
  ),

  endpoint(
    'GET /machines/:machine_id',
    { operationId: 'GetMachine', access, answer: machine },
    ({ params, services }) => services.machines.get(params.machineId),
  ),

  endpoint(
    'PATCH /machines/:machine_id',
    {
      operationId: 'UpdateMachine',
      access,
      body: z.object({ name: name.optional(), default_token_ttl: defaultTokenTtl }),
      answer: machine,
    },
    ({ params, body, caller, services }) => services.machines.update(params.machineId, body, caller),
  ),

  endpoint(
    'DELETE /machines/:machine_id',
    { operationId: 'DeleteMachine', access, answer: deleted('machine') },
    ({ params, caller, services }) => services.machines.delete(params.machineId, caller),
  ),

  endpoint(
    'GET /machines/:machine_id/secret_key',
    { operationId: 'GetMachineSecretKey', access, answer: machineSecretKey },
    ({ params, services }) => services.machines.getSecretKey(params.machineId),
  ),

  endpoint(
    'POST /machines/:machine_id/secret_key/rotate',
    {
      operationId: 'RotateMachineSecretKey',
      access,
      body: z.object({ previous_token_ttl: z.int().min(0).max(28_800) }),
      answer: machineSecretKey,
    },
    ({ params, body, caller, services }) =>
      services.machines.rotateSecretKey(params.machineId, body.previousTokenTtl, caller),
  ),

  endpoint(
    'POST /machines/:machine_id/scopes',
    {
      operationId: 'CreateMachineScope',
      access,
      body: z.object({ to_machine_id: z.string() }),
      answer: machineScope,
    },
    ({ params, body, caller, services }) => services.machines.createScope(params.machineId, body.toMachineId, caller),
  ),

  endpoint(
    'DELETE /machines/:machine_id/scopes/:other_machine_id',
    { operationId: 'DeleteMachineScope', access, answer: deletedMachineScope },
    ({ params, caller, services }) => services.machines.deleteScope(params.machineId, params.otherMachineId, caller),
  ),
]
