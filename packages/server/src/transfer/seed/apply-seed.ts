import type { Caller } from '../../kernel/caller.js'
import { camelizer } from '../../kernel/wire.js'
import { at, fromZod, SeedError } from './seed-error.js'
import { seedOAuthApplications } from './seed-oauth.js'
import { seedRoles } from './seed-roles.js'
import { seedOrganization } from './seed-organization.js'
import { seedApiKeys, seedMachines } from './seed-machines.js'
import { seedLists } from './seed-lists.js'
import type { SeedServices } from './seed-services.js'
import { seedInvitation, seedWaitlistEntry } from './seed-invitations.js'
import { applyFurtherSettings } from './seed-settings.js'
import { seedTemplates } from './seed-templates.js'
import { seedUser } from './seed-user.js'
import { seedWebhooks } from './seed-webhooks.js'
import { seed as seedSchema, type Seed } from './seed.schema.js'

/** How many rows a seed created. Rows that existed already are not counted. */
export interface SeedResult {
  users: number
  organizations: number
  jwtTemplates: number
  invitations: number
  waitlistEntries: number
}

const rename = camelizer(seedSchema)

/**
 * Brings an instance what the document says. What is there already stays as it is, so that a seed can be applied at
 * every start: a user is known by id, external id, username or a claimed identifier, an organization by id or slug, a
 * template by its name, an invitation or waitlist entry by id or address.
 *
 * @param document as parsed from JSON or YAML; `docs/seed.md` describes it
 * @throws {SeedError} with the path to what is wrong
 */
export async function applySeed(document: unknown, services: SeedServices, caller: Caller): Promise<SeedResult> {
  const parsed = seedSchema.safeParse(document ?? {}, { reportInput: true })
  if (!parsed.success) throw fromZod(parsed.error)
  const seed = rename(parsed.data) as Seed
  await applySettings(seed, services, caller)
  // Before everything that it should be told of.
  await seedWebhooks(seed, services, caller)
  await seedRoles(seed, services, caller)
  await seedLists(seed, services, caller)
  await seedTemplates(seed.templates, services, caller)
  const result: SeedResult = { users: 0, organizations: 0, jwtTemplates: 0, invitations: 0, waitlistEntries: 0 }
  for (const [index, template] of (seed.jwtTemplates ?? []).entries()) {
    const path = ['jwt_templates', index]
    if (await seedTemplate(template, services, caller).catch(rethrowAt(path))) result.jwtTemplates++
  }
  const byUser = new Map<string, number>()
  for (const [index, user] of (seed.users ?? []).entries()) {
    const path = ['users', index]
    const { id, created } = await seedUser(user, services, caller).catch(rethrowAt(path))
    const other = byUser.get(id)
    if (other !== undefined)
      throw new SeedError(path, `is the same user as users[${other}]: an id, address, number or name stands in both`)
    byUser.set(id, index)
    if (created) result.users++
  }
  for (const [index, organization] of (seed.organizations ?? []).entries()) {
    const path = ['organizations', index]
    if (await seedOrganization(organization, services, caller, path).catch(rethrowAt(path))) result.organizations++
  }
  for (const [index, invitation] of (seed.invitations ?? []).entries()) {
    const path = ['invitations', index]
    if (await seedInvitation(invitation, services, caller).catch(rethrowAt(path))) result.invitations++
  }
  for (const [index, entry] of (seed.waitlistEntries ?? []).entries()) {
    const path = ['waitlist_entries', index]
    if (await seedWaitlistEntry(entry, services, caller).catch(rethrowAt(path))) result.waitlistEntries++
  }
  await seedOAuthApplications(seed.oauthApplications, services, caller)
  await seedMachines(seed, services, caller)
  await seedApiKeys(seed, services, caller)
  return result
}

function rethrowAt(path: (string | number)[]) {
  return (error: unknown): never => {
    throw at(path, error)
  }
}

async function applySettings({ instance }: Seed, { instanceSettings }: SeedServices, caller: Caller): Promise<void> {
  if (!instance) return
  const { restrictions, organizationSettings, communication, protect, oauthApplicationSettings, ...settings } = instance
  try {
    await instanceSettings.update(settings, caller)
    await applyFurtherSettings({ communication, protect, oauthApplicationSettings }, instanceSettings, caller)
    if (restrictions) await instanceSettings.updateRestrictions(restrictions, caller)
    if (organizationSettings) await instanceSettings.updateOrganizationSettings(organizationSettings, caller)
  } catch (error) {
    throw at(['instance'], error)
  }
}

async function seedTemplate(
  template: NonNullable<Seed['jwtTemplates']>[number],
  { jwtTemplates }: SeedServices,
  caller: Caller,
): Promise<boolean> {
  if (await jwtTemplates.exists(template)) return false
  await jwtTemplates.create(template, caller)
  return true
}
