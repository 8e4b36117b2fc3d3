import type { TestServer } from '../../server.test-support.js'

/** What the tests of e-mail addresses do again and again, on the instance of the test. */
export function useEmailAddresses(server: TestServer) {
  return {
    newUser: async (...emailAddress: string[]) =>
      server.client.users.createUser(emailAddress.length > 0 ? { emailAddress } : { username: 'ada_l' }),
    add: (userId: string, emailAddress: string, more: object = {}) =>
      server.call('POST', '/email_addresses', { user_id: userId, email_address: emailAddress, ...more }),
    primaryOf: async (userId: string) => (await server.client.users.getUser(userId)).primaryEmailAddressId,
  }
}

export const error = (code: string, param?: string) => ({
  errors: [{ code, ...(param ? { meta: { param_name: param } } : {}) }],
})
