import { ClientsApi } from './api/clients.js'
import { EmailAddressesApi } from './api/email-addresses.js'
import { EmailsApi } from './api/emails.js'
import { InstanceApi } from './api/instance.js'
import { JwksApi } from './api/jwks.js'
import { JwtTemplatesApi } from './api/jwt-templates.js'
import { PhoneNumbersApi } from './api/phone-numbers.js'
import { SessionsApi } from './api/sessions.js'
import { SMSMessagesApi } from './api/sms-messages.js'
import { UsersApi } from './api/users.js'
import { callable, type CalledApis } from './core/calls.js'
import { ApiClient, withChanges, type RequestOptions } from './core/request.js'

export interface ClerkOptions extends RequestOptions {
  /** `pk_test_…` or `pk_live_…`. */
  publishableKey?: string
  /** The instance's public key as PEM, to verify tokens without a request. */
  jwtKey?: string
}

/** The APIs by name; a client has their methods as {@link CalledApis} says. */
interface Apis {
  readonly clients: ClientsApi
  readonly emailAddresses: EmailAddressesApi
  readonly emails: EmailsApi
  readonly instance: InstanceApi
  readonly jwks: JwksApi
  readonly jwtTemplates: JwtTemplatesApi
  readonly phoneNumbers: PhoneNumbersApi
  readonly sessions: SessionsApi
  readonly smsMessages: SMSMessagesApi
  readonly users: UsersApi
}

export interface ClerkClient extends CalledApis<Apis> {
  /**
   * A client like this one with other options: another tenant's `secretKey`, a longer `timeout`, more `headers`. It is made
   * in no time and shares the connections.
   */
  withOptions(changes: Partial<ClerkOptions>): ClerkClient
}

/**
 * Makes a client of the Backend API. It opens nothing and keeps nothing: make as many as there are keys.
 *
 * @throws {TypeError} when `apiUrl` is not an absolute URL. A missing secret key is noticed at the first request.
 */
export function createClerkClient(options: ClerkOptions): ClerkClient {
  const client = new ApiClient(options)
  const apis: Apis = {
    clients: new ClientsApi(client),
    emailAddresses: new EmailAddressesApi(client),
    emails: new EmailsApi(client),
    instance: new InstanceApi(client),
    jwks: new JwksApi(client),
    jwtTemplates: new JwtTemplatesApi(client),
    phoneNumbers: new PhoneNumbersApi(client),
    sessions: new SessionsApi(client),
    smsMessages: new SMSMessagesApi(client),
    users: new UsersApi(client),
  }
  return { ...callable(apis), withOptions: (changes) => createClerkClient(withChanges(options, changes)) }
}
