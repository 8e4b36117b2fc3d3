import type { Caller } from '../../kernel/caller.js'
import { at, SeedError } from './seed-error.js'
import type { SeedServices } from './seed-services.js'
import type { Seed } from './seed.schema.js'

/**
 * Creates the machines that are not there, and then says which of these may call which: a machine can name one that comes
 * later.
 */
export async function seedMachines(
  { machines: seeds = [] }: Pick<Seed, 'machines'>,
  { machines }: Pick<SeedServices, 'machines'>,
  caller: Caller,
): Promise<void> {
  const find = async (idOrName: string) => (await machines.find(idOrName)) ?? (await machines.findByName(idOrName))
  const created = new Map<number, string>()
  for (const [index, { scopedMachines: _, ...seed }] of seeds.entries()) {
    if (await find(seed.id ?? seed.name)) continue
    const { id } = await machines.create(seed, caller).catch(rethrowAt(['machines', index]))
    created.set(index, id)
  }
  for (const [index, id] of created) {
    for (const [place, target] of (seeds[index]!.scopedMachines ?? []).entries()) {
      const path = ['machines', index, 'scoped_machines', place]
      const machine = await find(target)
      if (!machine) throw new SeedError(path, `names no machine: ${JSON.stringify(target)}`)
      await machines.createScope(id, machine.id, caller).catch(rethrowAt(path))
    }
  }
}

/** After users, organizations and machines, to which keys belong. */
export async function seedApiKeys(
  { apiKeys: seeds = [] }: Pick<Seed, 'apiKeys'>,
  { apiKeys }: Pick<SeedServices, 'apiKeys'>,
  caller: Caller,
): Promise<void> {
  for (const [index, { status, ...seed }] of seeds.entries()) {
    if (await apiKeys.exists(seed)) continue
    const path = ['api_keys', index]
    const { id } = await apiKeys.create(seed, caller).catch(rethrowAt(path))
    if (status === 'revoked') await apiKeys.revoke(id, null, caller)
  }
}

function rethrowAt(path: (string | number)[]) {
  return (error: unknown): never => {
    throw at(path, error)
  }
}
