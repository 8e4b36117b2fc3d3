import type { Services } from '../services.js'
import { seed as seedSchema, type Seed } from './seed.schema.js'
import { at, fromZod } from './seed-error.js'
import { seedUser } from './seed-user.js'

/** How much a seed brought. What was there already is not counted. */
export interface SeedResult {
  users: number
  jwtTemplates: number
}

/**
 * Brings an instance what the document says. What is there already stays as it is, so that a seed can be applied at
 * every start: a user is known by id, external id, username or a claimed identifier, a template by its name.
 *
 * @param document as parsed from JSON or YAML; `docs/seed.md` describes it
 * @throws {SeedError} with the path to what is wrong
 */
export async function applySeed(document: unknown, services: Services): Promise<SeedResult> {
  const parsed = seedSchema.safeParse(document ?? {}, { reportInput: true })
  if (!parsed.success) throw fromZod(parsed.error)
  const seed = parsed.data
  await applySettings(seed, services)
  const result: SeedResult = { users: 0, jwtTemplates: 0 }
  for (const [index, template] of (seed.jwt_templates ?? []).entries()) {
    if (await seedTemplate(template, services).catch(rethrowAt(['jwt_templates', index]))) result.jwtTemplates++
  }
  for (const [index, user] of (seed.users ?? []).entries()) {
    if (await seedUser(user, services).catch(rethrowAt(['users', index]))) result.users++
  }
  return result
}

function rethrowAt(path: (string | number)[]) {
  return (error: unknown): never => {
    throw at(path, error)
  }
}

async function applySettings(seed: Seed, { instance }: Services): Promise<void> {
  if (!seed.instance) return
  const { restrictions, organization_settings: organizations, ...settings } = seed.instance
  try {
    await instance.update({
      testMode: settings.test_mode,
      hibp: settings.hibp,
      supportEmail: settings.support_email,
      allowedOrigins: settings.allowed_origins,
    })
    if (restrictions) {
      await instance.updateRestrictions({
        allowlist: restrictions.allowlist,
        blocklist: restrictions.blocklist,
        allowlistBlocklistDisabledOnSignIn: restrictions.allowlist_blocklist_disabled_on_sign_in,
        blockEmailSubaddresses: restrictions.block_email_subaddresses,
        blockDisposableEmailDomains: restrictions.block_disposable_email_domains,
      })
    }
    if (organizations) {
      await instance.updateOrganizationSettings({
        enabled: organizations.enabled,
        maxAllowedMemberships: organizations.max_allowed_memberships,
        adminDeleteEnabled: organizations.admin_delete_enabled,
        domainsEnabled: organizations.domains_enabled,
        slugDisabled: organizations.slug_disabled,
        domainsEnrollmentModes: organizations.domains_enrollment_modes,
      })
    }
  } catch (error) {
    throw at(['instance'], error)
  }
}

async function seedTemplate(
  template: NonNullable<Seed['jwt_templates']>[number],
  { jwtTemplates }: Services,
): Promise<boolean> {
  if (await jwtTemplates.exists({ id: template.id, name: template.name })) return false
  await jwtTemplates.create({
    id: template.id,
    name: template.name,
    claims: template.claims,
    lifetime: template.lifetime,
    allowedClockSkew: template.allowed_clock_skew,
    customSigningKey: template.custom_signing_key,
    signingAlgorithm: template.signing_algorithm,
    signingKey: template.signing_key,
  })
  return true
}
