import { ApiError, apiError, paramError } from '../../kernel/errors/api-error.js'
import { shownErrors } from '../../kernel/errors/shown-errors.js'

const refused = (code: string, message: string, longMessage: string) =>
  apiError(422, code, message, longMessage, { param_name: 'name' })

export const organizationDomainErrors = {
  notEnabled: () =>
    apiError(
      403,
      'organization_domains_not_enabled',
      'Domains are not enabled',
      'Domains of organizations are switched off in this instance; set domains_enabled in the organization settings',
    ),
  modeNotEnabled: (mode: string) =>
    apiError(
      403,
      'organization_domain_enrollment_mode_not_enabled',
      'The enrollment mode is not enabled',
      `The enrollment mode ${mode} is not enabled in this instance; add it to domains_enrollment_modes in the organization settings`,
    ),
  quotaExceeded: (limit: number) =>
    apiError(
      403,
      'organization_domain_quota_exceeded',
      'Too many domains',
      `The organization has ${limit} domains, which is the most it can have. Delete one first`,
    ),
  common: (name: string) =>
    refused(
      'organization_domain_common',
      'The domain is a common one',
      `Anybody can have an address at ${name}: it cannot be the domain of an organization`,
    ),
  blocked: (name: string) =>
    refused(
      'organization_domain_blocked',
      'The domain is blocked',
      `${name} belongs to a provider of disposable addresses: it cannot be the domain of an organization`,
    ),
  alreadyOwned: (name: string) =>
    apiError(400, 'verification_already_verified', 'Already verified', `It is proved already who owns ${name}`),
  noChallenge: (name: string) =>
    apiError(400, 'verification_missing', 'Not prepared', `There is no challenge for ${name}. Prepare one first`),
  challengeExpired: (name: string) =>
    apiError(400, 'verification_expired', 'Expired', `The challenge for ${name} has expired. Prepare another one`),
  noAnswer: (recordName: string) =>
    apiError(
      400,
      'verification_failed',
      'DNS did not answer',
      `DNS did not say which TXT records ${recordName} has. Try again later`,
    ),
  affiliationVerified: (name: string) =>
    apiError(400, 'verification_already_verified', 'Already verified', `The domain ${name} is verified already`),
  notPrepared: (name: string) =>
    apiError(
      400,
      'verification_missing',
      'Not prepared',
      `No code was sent for ${name}. Prepare the verification first`,
    ),
  codeExpired: () => apiError(400, 'verification_expired', 'Expired', 'The code has expired. Ask for a new one'),
  tooManyAttempts: () =>
    apiError(400, 'verification_failed', 'Failed', 'Too many wrong codes were tried. Ask for a new one'),
  codeIncorrect: () => new ApiError(422, [shownErrors.codeIncorrect()]),
  addressElsewhere: (name: string) =>
    paramError(
      422,
      'organization_domain_mismatch',
      'affiliation_email_address',
      'is at another domain',
      `affiliation_email_address must be an address at ${name}`,
    ),
  modeInvalid: (modes: readonly string[]) =>
    paramError(
      422,
      'organization_domain_enrollment_mode_invalid',
      'enrollment_mode',
      'is invalid',
      `enrollment_mode must be one of ${modes.join(', ')}`,
    ),
  suggestionAlreadyAccepted: (id: string) =>
    apiError(
      400,
      'organization_suggestion_already_accepted',
      'Already accepted',
      `The suggestion ${id} was accepted already: the organization's managers decide`,
    ),
  alreadyExists: (name: string) =>
    refused(
      'organization_domain_already_exists',
      'The domain is taken',
      `Another organization of this instance has verified ${name}`,
    ),
  alreadyExistsHere: (name: string) =>
    refused(
      'organization_domain_already_exists_same_organization',
      'The organization has the domain already',
      `The organization already has the domain ${name}`,
    ),
}
