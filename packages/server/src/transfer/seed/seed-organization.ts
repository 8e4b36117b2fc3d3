import type { Caller } from '../../kernel/caller.js'
import { at } from './seed-error.js'
import type { SeedServices } from './seed-services.js'
import { toFile } from './seed-user.js'
import type { SeedOrganization } from './seed.schema.js'

/**
 * Creates the organization with its members, in one transaction.
 *
 * @param path to the organization in the seed
 * @returns false if the organization was there already
 */
export async function seedOrganization(
  { members, logo, ...input }: SeedOrganization,
  services: SeedServices,
  caller: Caller,
  path: readonly (string | number)[],
): Promise<boolean> {
  const { context, images, organizations, organizationMemberships, organizationRecords } = services
  const { id, slug } = input
  if (id !== undefined && (await organizationRecords.find(id))) return false
  if (slug !== undefined && (await organizationRecords.findBySlug(slug))) return false
  const insert = organizations.prepare(input)
  const image = logo === undefined ? undefined : await images.read(toFile(logo))
  await context.transaction(caller, async (tx) => {
    const { id: organizationId } = await insert(tx)
    if (image) {
      const imageId = await images.replace({ organizationId }, image, tx)
      await organizationRecords.change(organizationId, { imageId }, tx)
    }
    for (const [index, member] of (members ?? []).entries()) {
      await organizationMemberships.insert(organizationId, member, tx).catch((error: unknown) => {
        throw at([...path, 'members', index], error)
      })
    }
  })
  return true
}
