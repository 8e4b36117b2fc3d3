import type { ClientJSON } from '@latchkey/backend/types'
import { Client } from '../resources.js'
import { Api, idInPath } from './api.js'

export class ClientApi extends Api {
  async getClientList(): Promise<Client[]> {
    const list = (await this.rest.request('GET', '/clients')) as ClientJSON[]
    return list.map((json) => new Client(json))
  }

  async getClient(clientId: string): Promise<Client> {
    return new Client((await this.rest.request('GET', `/clients/${idInPath(clientId)}`)) as ClientJSON)
  }

  /** @param sessionToken The value of the `__session` cookie. */
  async verifyClient(sessionToken: string): Promise<Client> {
    return new Client(
      (await this.rest.request('POST', '/clients/verify', { form: { token: sessionToken } })) as ClientJSON,
    )
  }
}
