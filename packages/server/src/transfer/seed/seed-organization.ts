import type { Caller } from '../../kernel/caller.js'
import type { OrganizationDomain } from '../../resources/organization-domains/organization-domains.rules.js'
import type { Tx } from '../../storage/tx.js'
import { at } from './seed-error.js'
import type { SeedServices } from './seed-services.js'
import { toFile } from './seed-user.js'
import type { SeedOrganization } from './seed.schema.js'

/**
 * Creates the organization with its members, invitations and domains, in one transaction; then users at the domains are
 * enrolled.
 *
 * @param path to the organization in the seed
 * @returns false if the organization was there already
 */
export async function seedOrganization(
  { members, invitations, domains, logo, ...input }: SeedOrganization,
  services: SeedServices,
  caller: Caller,
  path: readonly (string | number)[],
): Promise<boolean> {
  const { context, images, organizations, organizationMemberships, organizationDomains, organizationRecords } = services
  const { id, slug } = input
  if (id !== undefined && (await organizationRecords.find(id))) return false
  if (slug !== undefined && (await organizationRecords.findBySlug(slug))) return false
  const insert = organizations.prepare(input)
  const image = logo === undefined ? undefined : await images.read(toFile(logo))
  const added = await context.transaction(caller, async (tx) => {
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
    for (const [index, invitation] of (invitations ?? []).entries()) {
      await seedInvitation(organizationId, invitation, services, tx).catch((error: unknown) => {
        throw at([...path, 'invitations', index], error)
      })
    }
    const created: OrganizationDomain[] = []
    for (const [index, { ownershipVerified, ...domain }] of (domains ?? []).entries()) {
      const inserted = await organizationDomains.insert(organizationId, domain, tx).catch((error: unknown) => {
        throw at([...path, 'domains', index], error)
      })
      if (ownershipVerified) await organizationDomains.verifyOwnershipIn(organizationId, inserted.id, tx)
      created.push(inserted)
    }
    return created
  })
  for (const domain of added) await organizationDomains.enrolled(domain, caller)
  return true
}

async function seedInvitation(
  organizationId: string,
  { status, ...input }: NonNullable<SeedOrganization['invitations']>[number],
  { organizationInvitations }: SeedServices,
  tx: Tx,
): Promise<void> {
  const { id } = await organizationInvitations.insert(organizationId, input, tx)
  if (status === 'revoked') await organizationInvitations.revokeIn(organizationId, id, tx)
}
