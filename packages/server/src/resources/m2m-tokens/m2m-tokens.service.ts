import type { InstanceContext } from '../../instances/instance-context.js'
import { issuerOf } from '../../instances/instance.js'
import { hashSecret, newSecret } from '../../instances/secrets.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { M2M_TOKEN, newHexId } from '../../instances/tokens.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import type { MachineService } from '../machines/machines.service.js'
import { m2mTokenErrors } from './m2m-tokens.errors.js'
import { checkClaims, ownClaims, fingerprintOf, isLive, type Claims, type M2MToken } from './m2m-tokens.rules.js'
import { M2MTokenStore } from './m2m-tokens.store.js'
import type { M2MTokenRecord } from './m2m-tokens.table.js'

export interface M2MTokenInput {
  /** Default is `opaque`. */
  tokenFormat?: 'opaque' | 'jwt' | undefined
  /** Null or absent: the machine's default. */
  secondsUntilExpiration?: number | null | undefined
  claims?: Claims | null | undefined
  /** Takes an earlier opaque token with the same claims and scopes that is valid for at least this long, in seconds. */
  minRemainingTtlSeconds?: number | undefined
}

export interface M2MTokenListRequest extends PageRequest {
  /** Id of a machine. */
  subject: string
  revoked: boolean
  expired: boolean
}

/** Machines know their own tokens and those for them; the application's secret key knows all. */
type M2MCaller = CallerOf<'machine'> | CallerOf<'secret_key'>

interface M2MTokenServiceOptions {
  context: InstanceContext
  signingKeys: SigningKeys
  machines: MachineService
}

/** Tokens with which machines call each other. */
export class M2MTokenService {
  readonly #store: M2MTokenStore

  constructor(private readonly options: M2MTokenServiceOptions) {
    this.#store = new M2MTokenStore(options.context)
  }

  /** @throws {ApiError} 403 `authorization_invalid` for another machine's, 404 for an unknown machine */
  async list({ subject, revoked, expired, ...page }: M2MTokenListRequest, caller: M2MCaller): Promise<Page<M2MToken>> {
    if (caller.kind === 'machine' && caller.machineId !== subject) throw m2mTokenErrors.anotherMachine()
    if (!(await this.options.machines.find(subject))) throw errors.resourceNotFound('machine', subject)
    return this.#store.search({ machineId: subject, revoked, expired }, page)
  }

  /**
   * Makes a token of the machine that asks, for the machines that it may call now.
   *
   * @throws {ApiError} 400 `machine_token_reserved_claim`, `bad_request`; 403 `authorization_invalid` for a secret key
   */
  async create(input: M2MTokenInput, caller: M2MCaller): Promise<M2MToken> {
    if (caller.kind !== 'machine') throw m2mTokenErrors.machineNeeded()
    if (input.claims) checkClaims(input.claims)
    return input.tokenFormat === 'jwt' ? this.#createJwt(input, caller) : this.#createOpaque(input, caller)
  }

  /**
   * Repeating it keeps the first reason.
   *
   * @throws {ApiError} 404 `resource_not_found`, also for a token of another machine
   */
  revoke(id: string, reason: string | null, caller: M2MCaller): Promise<M2MToken> {
    return this.options.context.transaction(caller, async (tx) => {
      const token = await this.#store.get(id, tx)
      if (caller.kind === 'machine' && caller.machineId !== token.machineId) {
        throw errors.resourceNotFound('M2M token', id)
      }
      const revoked = await this.#store.revoke(id, reason, tx)
      if (revoked) await tx.audit('m2m_token.revoked', id)
      return revoked ?? this.#store.get(id, tx)
    })
  }

  /**
   * The token, if it is valid and, where a machine asks, for this machine.
   *
   * @throws {ApiError} 404 `resource_not_found`, 400 `bad_request` for a JWT
   */
  async verify(text: string, caller: M2MCaller): Promise<M2MToken> {
    const { context } = this.options
    if (isJwt(text)) {
      throw errors.badRequest('token is a JWT, which is verified with the public keys of the instance: GET /jwks')
    }
    const token = await this.#store.findBy({ hash: hashSecret(text) })
    if (!token || !isLive(token, context.clock.now())) throw m2mTokenErrors.invalid()
    if (caller.kind === 'machine' && !token.scopes.includes(caller.machineId)) throw m2mTokenErrors.invalid()
    if (!this.#store.needsTouch(token)) return token
    await context.transaction(caller, (tx) => this.#store.touch(token.id, tx))
    return { ...token, lastUsedAt: context.clock.now() }
  }

  #createOpaque(input: M2MTokenInput, caller: CallerOf<'machine'>): Promise<M2MToken> {
    const { context, machines } = this.options
    const { claims = null, minRemainingTtlSeconds } = input
    return context.transaction(caller, async (tx) => {
      const reuses = minRemainingTtlSeconds !== undefined
      // One of several requests at once makes the token, and the others find it.
      const machine = await (reuses ? machines.locked(caller.machineId, tx) : machines.kept(caller.machineId, tx))
      const lifetime = input.secondsUntilExpiration ?? machine.defaultTokenTtl
      const scopes = await machines.scopesOf(machine.id, tx)
      const made = { machineId: machine.id, claims, scopes, fingerprint: fingerprintOf(claims, scopes) }
      if (reuses) {
        if (minRemainingTtlSeconds >= lifetime) {
          throw errors.badRequest(`min_remaining_ttl_seconds must be less than the lifetime, which is ${lifetime} s`)
        }
        const until = context.clock.now() + minRemainingTtlSeconds * 1000
        const found = await this.#store.reusable({ ...made, until }, tx)
        if (found) return { ...found, token: context.vault.open(found.sealedToken) }
      }
      return this.#insert({ ...made, expiresAt: context.clock.now() + Math.ceil(lifetime * 1000) }, tx)
    })
  }

  async #insert(
    fields: Pick<M2MTokenRecord, 'machineId' | 'claims' | 'scopes' | 'fingerprint' | 'expiresAt'>,
    tx: Tx,
  ): Promise<M2MToken> {
    const { instance, random, vault } = this.options.context
    const token = newSecret('m2m_token', instance.environmentType, random)
    const row = { ...fields, id: newHexId('mt', random), hash: hashSecret(token), sealedToken: vault.seal(token) }
    return { ...(await this.#store.create(row, tx))!, token }
  }

  /** Nothing of it is stored: it cannot be listed or revoked, and has no scopes. */
  async #createJwt(
    { claims = null, secondsUntilExpiration }: M2MTokenInput,
    { machineId }: CallerOf<'machine'>,
  ): Promise<M2MToken> {
    const { context, machines, signingKeys } = this.options
    const machine = await machines.find(machineId)
    if (!machine) throw errors.resourceNotFound('machine', machineId)
    const id = newHexId('mt', context.random)
    const iat = Math.floor(context.clock.now() / 1000)
    const exp = iat + Math.ceil(secondsUntilExpiration ?? machine.defaultTokenTtl)
    const registered = { exp, iat, iss: issuerOf(context.instance), jti: id, nbf: iat, sub: machineId }
    const token = await signingKeys.sign({ ...ownClaims(claims ?? {}), ...registered }, M2M_TOKEN)
    return {
      id,
      token,
      machineId,
      claims,
      scopes: [],
      expiresAt: exp * 1000,
      revokedAt: null,
      revocationReason: null,
      lastUsedAt: null,
      createdAt: iat * 1000,
      updatedAt: iat * 1000,
    }
  }
}

function isJwt(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)
}
