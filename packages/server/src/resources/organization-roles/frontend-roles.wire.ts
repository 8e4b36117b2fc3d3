import type { OrganizationRole } from '../organization-role-records/organization-role-records.rules.js'
import { component } from '../../kernel/component.js'
import { z } from 'zod'
import { role } from './organization-roles.wire.js'

/** A role as members see it. Here its description is never null. */
export const frontendRole = {
  schema: component('FrontendRole', role.schema.extend({ description: z.string() })),
  toJSON: (record: OrganizationRole) => {
    const json = role.toJSON(record)
    return { ...json, description: json.description ?? '' }
  },
}
