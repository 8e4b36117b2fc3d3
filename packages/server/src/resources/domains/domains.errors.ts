import { apiError, paramError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const domainErrors = {
  primaryExists: () =>
    paramError(
      422,
      'primary_domain_already_exists',
      'is_satellite',
      'is invalid',
      'An instance has one primary domain, and this one has it already: is_satellite must be true',
    ),
  taken: (name: string) =>
    paramError(422, 'form_already_exists', 'name', 'already exists', `The domain ${quote(name)} is in use already`),
  notInDevelopment: (param: string) =>
    paramError(
      400,
      'domain_update_forbidden',
      param,
      'Domain update forbidden',
      `${param} can be changed in production instances only: browsers reach a development instance at the server's own URL`,
    ),
  productionOnly: (param: string) =>
    paramError(
      422,
      'form_conditional_param_disallowed',
      param,
      'is not allowed here',
      `${param} can be set in production instances only`,
    ),
  primaryStays: () =>
    apiError(
      403,
      'operation_not_allowed_on_primary_domain',
      'Operation not allowed on the primary domain',
      'The primary domain of an instance cannot be deleted; it can be changed',
    ),
  proxyInvalid: (url: string, why: string) =>
    paramError(
      422,
      'invalid_proxy_configuration',
      'proxy_url',
      'Invalid proxy configuration',
      `The proxy at ${quote(url)} does not lead to the Frontend API of this instance: ${why}`,
    ),
  proxyRequired: (name: string) =>
    paramError(
      422,
      'proxy_url_required_for_provider_domain',
      'proxy_url',
      'is missing',
      `${quote(name)} is a hosting provider's domain, where you cannot add DNS records. Give the proxy_url of a proxy that your application serves`,
    ),
  wrongEnvironment: () =>
    apiError(
      400,
      'request_invalid_for_environment',
      'Invalid request for environment',
      'Only production instances have a domain that can be changed',
    ),
  homeUrlTaken: (url: string) =>
    paramError(
      422,
      'home_url_taken',
      'home_url',
      'is taken',
      `The domain of ${quote(url)} is that of an instance of this server already`,
    ),
  reservedDomain: (param: string, name: string) =>
    paramError(
      422,
      'reserved_domain',
      param,
      'is reserved',
      `${quote(name)} belongs to development instances: client packages would not take the instance for a production one`,
    ),
  reservedSubdomain: (param: string, name: string) =>
    paramError(
      422,
      'reserved_subdomain',
      param,
      'is reserved',
      `${quote(name)} begins with a name that is needed for the hosts of the server`,
    ),
  hostingDomain: (param: string, name: string) =>
    paramError(
      422,
      'known_hosting_domain',
      param,
      'is not allowed',
      `${quote(name)} is a hosting provider's domain, where you cannot add DNS records. Use a domain of your own`,
    ),
}
