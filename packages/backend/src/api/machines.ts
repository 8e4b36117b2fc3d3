import type { MachineJSON, MachineScopeJSON, MachineSecretKeyJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Programs that call each other with M2M tokens, and who may call whom. */
export class MachinesApi extends Api {
  /**
   * Gets a machine by its id.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/GET/machines/%7Bmachine_id%7D
   */
  async get(machineId: string): Promise<Machine> {
    return this.read(path`/machines/${machineId}`)
  }

  /**
   * Lists the machines.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/GET/machines
   */
  async list(params: GetMachineListParams = {}): Promise<Page<Machine>> {
    return this.readPage(path`/machines`, params)
  }

  /**
   * Makes a machine. Its secret key is in this answer, and can be asked for with {@link getSecretKey}.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/POST/machines
   */
  async create(params: CreateMachineParams): Promise<Machine> {
    return this.post(path`/machines`, params)
  }

  /**
   * Changes a machine.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/PATCH/machines/%7Bmachine_id%7D
   */
  async update({ machineId, ...body }: UpdateMachineParams): Promise<Machine> {
    return this.patch(path`/machines/${machineId}`, body)
  }

  /**
   * Deletes a machine; its tokens stop working.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/DELETE/machines/%7Bmachine_id%7D
   */
  async delete(machineId: string): Promise<Machine> {
    return this.remove(path`/machines/${machineId}`)
  }

  /**
   * Gets the secret key of a machine.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/GET/machines/%7Bmachine_id%7D/secret_key
   */
  async getSecretKey(machineId: string): Promise<MachineSecretKey> {
    return this.read(path`/machines/${machineId}/secret_key`)
  }

  /**
   * Gives a machine another secret key.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/POST/machines/%7Bmachine_id%7D/secret_key/rotate
   */
  async rotateSecretKey({ machineId, previousTokenTtl }: RotateMachineSecretKeyParams): Promise<MachineSecretKey> {
    return this.post(path`/machines/${machineId}/secret_key/rotate`, { previousTokenTtl })
  }

  /**
   * Lets a machine call another one.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/POST/machines/%7Bmachine_id%7D/scopes
   */
  async createScope(machineId: string, toMachineId: string): Promise<MachineScope> {
    return this.post(path`/machines/${machineId}/scopes`, { toMachineId })
  }

  /**
   * Lets a machine call another one no more.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/DELETE/machines/%7Bmachine_id%7D/scopes/%7Bother_machine_id%7D
   */
  async deleteScope(machineId: string, otherMachineId: string): Promise<MachineScope> {
    return this.remove(path`/machines/${machineId}/scopes/${otherMachineId}`)
  }
}

export interface Machine extends Resource<MachineJSON> {
  /** The machines it may call; those have none of their own here. */
  scopedMachines: Machine[]
}

export type MachineScope = Resource<MachineScopeJSON>

export type MachineSecretKey = Resource<MachineSecretKeyJSON>

export interface GetMachineListParams extends PageParams {
  /** `-` sorts downwards. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'name' | 'created_at'}`
  /** An id, or a part of a name. */
  query?: string
}

export interface CreateMachineParams {
  /** At most 255 characters. */
  name: string
  /** Ids of the machines it may call; at most 150. */
  scopedMachines?: string[]
  /** Seconds, 1 to 315360000. Default is 3600. */
  defaultTokenTtl?: number
}

export interface UpdateMachineParams {
  machineId: string
  /** At most 255 characters. */
  name?: string
  /** Seconds, 1 to 315360000. */
  defaultTokenTtl?: number
}

export interface RotateMachineSecretKeyParams {
  machineId: string
  /** How long the old key still works, in seconds, 0 to 28800. */
  previousTokenTtl: number
}
