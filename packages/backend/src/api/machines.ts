import type { MachineJSON, MachineScopeJSON, MachineSecretKeyJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Programs that call each other with M2M tokens, and which may call which. */
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
   * Creates a machine. The answer contains its secret key; {@link getSecretKey} returns it later.
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
   * Replaces the secret key of a machine.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/POST/machines/%7Bmachine_id%7D/secret_key/rotate
   */
  async rotateSecretKey({ machineId, previousTokenTtl }: RotateMachineSecretKeyParams): Promise<MachineSecretKey> {
    return this.post(path`/machines/${machineId}/secret_key/rotate`, { previousTokenTtl })
  }

  /**
   * Allows a machine to call another one.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/POST/machines/%7Bmachine_id%7D/scopes
   */
  async createScope(machineId: string, toMachineId: string): Promise<MachineScope> {
    return this.post(path`/machines/${machineId}/scopes`, { toMachineId })
  }

  /**
   * Removes a machine's permission to call another one.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/machines/DELETE/machines/%7Bmachine_id%7D/scopes/%7Bother_machine_id%7D
   */
  async deleteScope(machineId: string, otherMachineId: string): Promise<MachineScope> {
    return this.remove(path`/machines/${machineId}/scopes/${otherMachineId}`)
  }
}

export interface Machine extends Resource<MachineJSON> {
  /** The machines it may call. Their own `scopedMachines` are not included. */
  scopedMachines: Machine[]
}

export type MachineScope = Resource<MachineScopeJSON>

export type MachineSecretKey = Resource<MachineSecretKeyJSON>

export interface GetMachineListParams extends PageParams {
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'name' | 'created_at'}`
  /** An id, or part of a name. */
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
  /** How long the old key continues to work, in seconds, 0 to 28800. */
  previousTokenTtl: number
}
