import type { InstanceContext } from '../../instances/instance-context.js'
import type { AuditTrail } from '../../outbox/audit.js'
import { createFactorServices } from './factors.js'
import { createIdentityServices } from './identities.js'
import { createInstanceServices } from './instance.js'
import { createOrganizationRoleServices } from './organization-roles.js'
import { createOrganizationServices } from './organizations.js'
import { createSessionServices } from './sessions.js'
import { createUserServices } from './users.js'

/** All services of one instance. Each area is built from the areas before it. */
export function createServices(context: InstanceContext, audit: AuditTrail, wake: (() => void) | undefined) {
  const instance = createInstanceServices(context, wake)
  const organizationRoles = createOrganizationRoleServices(context, instance)
  const identities = createIdentityServices(context, instance)
  const sessions = createSessionServices(context, instance, identities)
  const organizations = createOrganizationServices(context, instance, identities, sessions)
  const users = createUserServices(context, instance, identities, sessions)
  const factors = createFactorServices(context, identities, users)
  return {
    context,
    audit,
    ...instance,
    ...organizationRoles,
    ...identities,
    ...sessions,
    ...organizations,
    ...users,
    ...factors,
  }
}

export type Services = ReturnType<typeof createServices>
