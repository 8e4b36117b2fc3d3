import type { Instance } from '../../instances/instance.js'
import { errors } from '../../kernel/errors/errors.js'
import { emailAddress } from '../../lib/identifiers/index.js'
import type { RoleSet } from '../organization-role-records/organization-role-records.rules.js'

/** The instance with the roles that organizations begin with. */
export interface InstanceWithRoles extends Instance {
  initialRoleSet: RoleSet
}

/**
 * The part of a sender's address before the `@`.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`
 */
export function parseLocalPart(text: string, param: string): string {
  if (!/^[a-z0-9]{1,64}$/i.test(text))
    throw errors.paramFormatInvalid(
      param,
      'must have only letters and digits: it is the part of an address before the @',
    )
  return text
}

/** @throws {ApiError} 422 `form_param_format_invalid` */
export function parseSupportEmail(text: string): string {
  const result = emailAddress(text)
  if (!result.ok)
    throw errors.paramFormatInvalid('support_email', 'must be a valid email address, such as support@example.com')
  return result.address
}
