import { errors } from '../../kernel/errors/errors.js'
import type { Instance } from '../../instances/instance.js'
import { organizationErrors } from './organizations.errors.js'

const TAG = /<[a-z/!?]/i
const URL_START = /\b[a-z][a-z\d+.-]*:\/\/|\bwww\./i
const SLUG = /^[a-z0-9-]+$/

/**
 * The name without spaces around it.
 *
 * @throws {ApiError} 422 `form_param_value_invalid` for an empty name, and one with a URL or HTML in it
 */
export function parseName(text: string): string {
  const name = text.trim()
  if (name === '') throw errors.paramValueInvalid('name', 'must not be empty')
  if (TAG.test(name)) throw errors.paramValueInvalid('name', 'must not have HTML in it')
  if (URL_START.test(name)) throw errors.paramValueInvalid('name', 'must not have a URL in it')
  return name
}

/** @throws {ApiError} 403 `organization_slugs_disabled`, 422 `form_param_format_invalid` */
export function parseSlug(slug: string, { settings }: Instance): string {
  if (settings.organizations.slugDisabled) throw organizationErrors.slugsDisabled()
  if (!SLUG.test(slug)) throw errors.paramFormatInvalid('slug', 'can only have lower-case letters, digits and "-"')
  return slug
}

/**
 * How many organizations a user may create; undefined for any number.
 *
 * @param own of the user: 0 means any number, null the instance's limit, which has 0 for any number too
 */
export function creationLimit(own: number | null, { settings }: Instance): number | undefined {
  const limit = own ?? settings.organizations.creationLimit
  return limit === 0 ? undefined : limit
}
