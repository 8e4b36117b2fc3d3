import { paramError } from '../../kernel/errors/api-error.js'

export const originErrors = {
  notAssociated: (param: string) =>
    paramError(
      422,
      'redirect_url_not_associated_with_instance',
      param,
      'is not of this instance',
      `${param} must be at the domain of the instance, one of its subdomains or satellites, or among its redirect URLs; in development it may also be on this machine`,
    ),
  invalid: (param: string) =>
    paramError(
      422,
      'invalid_redirect_url',
      param,
      'is invalid',
      `${param} must be an absolute URL with http or https, without a user name or characters that need escaping`,
    ),
}
