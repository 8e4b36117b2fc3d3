import type { DeletedObjectJSON, UserJSON } from '@latchkey/backend/types'
import { DeletedObject, User } from '../resources.js'
import { Api, idInPath } from './api.js'

export interface UpdateUserParams {
  firstName?: string
  lastName?: string
  password?: string
  /** Id of a verified address of the user. */
  primaryEmailAddressID?: string
  /** Id of a verified number of the user. */
  primaryPhoneNumberID?: string
}

export class UserApi extends Api {
  async getUserList(): Promise<User[]> {
    const list = (await this.rest.request('GET', '/users')) as UserJSON[]
    return list.map((json) => new User(json))
  }

  async getUser(userId: string): Promise<User> {
    return new User((await this.rest.request('GET', `/users/${idInPath(userId)}`)) as UserJSON)
  }

  async updateUser(userId: string, params: UpdateUserParams = {}): Promise<User> {
    return new User((await this.rest.request('PATCH', `/users/${idInPath(userId)}`, { form: params })) as UserJSON)
  }

  /** {@link updateUser} under the name used in the old documentation. */
  update(userId: string, params: UpdateUserParams = {}): Promise<User> {
    return this.updateUser(userId, params)
  }

  async deleteUser(userId: string): Promise<DeletedObject> {
    return new DeletedObject((await this.rest.request('DELETE', `/users/${idInPath(userId)}`)) as DeletedObjectJSON)
  }
}
