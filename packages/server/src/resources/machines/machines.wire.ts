import type { MachineJSON, MachineScopeJSON, MachineSecretKeyJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { Machine } from './machines.rules.js'
import type { MachineRecord, MachineScopeRecord } from './machines.table.js'

const fields = {
  object: z.literal('machine'),
  id: z.string(),
  name: z.string(),
  instance_id: z.string(),
  default_token_ttl: z.int().min(1),
  created_at: milliseconds,
  updated_at: milliseconds,
}

const scopedMachineSchema = component('ScopedMachine', z.object(fields))

const machineSchema = component(
  'Machine',
  z.object({
    ...fields,
    scoped_machines: z.array(scopedMachineSchema),
    secret_key: z.string().optional(),
  } satisfies Shape<MachineJSON>),
)

const toScoped = (machine: MachineRecord) => toWire(scopedMachineSchema, machine, { object: 'machine' })

export const machine = {
  schema: machineSchema,
  toJSON: (value: Machine): MachineJSON =>
    toWire(machineSchema, value, {
      object: 'machine',
      scoped_machines: value.scopedMachines.map(toScoped),
      secret_key: value.secretKey,
    }),
}

const scopeSchema = component(
  'MachineScope',
  z.object({
    object: z.literal('machine_scope'),
    from_machine_id: z.string(),
    to_machine_id: z.string(),
    created_at: milliseconds.optional(),
    deleted: z.boolean().optional(),
  } satisfies Shape<MachineScopeJSON>),
)

export const machineScope = {
  schema: scopeSchema,
  toJSON: (scope: MachineScopeRecord) => toWire(scopeSchema, scope, { object: 'machine_scope', deleted: undefined }),
}

export const deletedMachineScope = {
  schema: scopeSchema,
  toJSON: (scope: MachineScopeRecord) =>
    toWire(scopeSchema, scope, { object: 'machine_scope', created_at: undefined, deleted: true }),
}

const secretKeySchema = component(
  'MachineSecretKey',
  z.object({ object: z.literal('machine_secret_key'), secret: z.string() } satisfies Shape<MachineSecretKeyJSON>),
)

export const machineSecretKey = {
  schema: secretKeySchema,
  toJSON: (secret: string): MachineSecretKeyJSON => ({ object: 'machine_secret_key', secret }),
}
