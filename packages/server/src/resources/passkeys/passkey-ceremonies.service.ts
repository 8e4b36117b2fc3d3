import type { InstanceContext } from '../../instances/instance-context.js'
import { CODE_LIFETIME } from '../../outbox/messages/code-lifetime.js'
import type { DomainService } from '../domains/domains.service.js'
import type { OriginService } from '../origins/origins.service.js'
import { passkeyErrors } from './passkeys.errors.js'
import {
  ALGORITHMS,
  pageOf,
  relatedOrigins,
  relyingPartyOf,
  type AssertionCredential,
  type RegistrationCredential,
} from './passkeys.rules.js'
import type { PasskeyRecord } from './passkeys.table.js'

/** Loaded with the first passkey: it is a quarter of what the server would otherwise read when it starts. */
const webAuthn = () => import('@simplewebauthn/server')

interface PasskeyCeremonyOptions {
  context: InstanceContext
  origins: OriginService
  domains: DomainService
}

/** For whom a passkey is made. */
export interface PasskeyHolder {
  id: string
  /** What the person's device lists the passkey under. */
  name: string
  passkeys: readonly PasskeyRecord[]
}

/** The parts of the options that the answer is checked against. */
interface Asked {
  challenge: string
  relyingParty: string
}

/** What a browser is asked for, and whether what it returns is right: the WebAuthn part of passkeys. It stores nothing. */
export class PasskeyCeremonies {
  constructor(private readonly options: PasskeyCeremonyOptions) {}

  /** Loads the library if it is not: before a transaction, in which others would wait for the file. */
  async prepare(): Promise<void> {
    await webAuthn()
  }

  /**
   * The options with which a browser makes a passkey, as JSON. They say to the device which passkeys it has already.
   *
   * @param origin of the page
   */
  async registrationOptions(holder: PasskeyHolder, origin: string | undefined): Promise<string> {
    const { context } = this.options
    const { generateRegistrationOptions } = await webAuthn()
    const options = await generateRegistrationOptions({
      rpName: context.instance.name,
      rpID: this.#relyingParty(origin),
      userID: new TextEncoder().encode(holder.id),
      userName: holder.name,
      userDisplayName: holder.name,
      challenge: this.#challenge(),
      timeout: CODE_LIFETIME,
      attestationType: 'none',
      excludeCredentials: holder.passkeys.map(toDescriptor),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    })
    return JSON.stringify(options)
  }

  /**
   * The options with which a browser signs, as JSON.
   *
   * @param passkeys which of them will do; without any the person chooses from those that the device has
   */
  async authenticationOptions(passkeys: readonly PasskeyRecord[], origin: string | undefined): Promise<string> {
    const { generateAuthenticationOptions } = await webAuthn()
    const options = await generateAuthenticationOptions({
      rpID: this.#relyingParty(origin),
      challenge: this.#challenge(),
      timeout: CODE_LIFETIME,
      allowCredentials: passkeys.map(toDescriptor),
      userVerification: 'required',
    })
    return JSON.stringify({ allowCredentials: [], ...options })
  }

  /**
   * @param nonce the options that the browser got
   * @returns what is kept of the new passkey; undefined if the answer is not one to these options
   */
  async registered(nonce: string, credential: RegistrationCredential, origin: string | undefined) {
    const { challenge, relyingParty } = askedIn(nonce)
    const page = await this.#page(credential.response.clientDataJSON, origin)
    if (page === undefined) return undefined
    const { transports, ...response } = credential.response
    const { verifyRegistrationResponse } = await webAuthn()
    const verified = await verifyRegistrationResponse({
      response: { ...credential, response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: page,
      expectedRPID: relyingParty,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch(() => undefined)
    if (!verified?.verified) return undefined
    const { id, publicKey, counter } = verified.registrationInfo.credential
    return {
      credentialId: id,
      publicKey: Buffer.from(publicKey).toString('base64url'),
      signatureCounter: counter,
      transports: transports ?? [],
    }
  }

  /** @returns the counter that came with the signature; undefined if it does not answer these options */
  async signed(
    nonce: string,
    credential: AssertionCredential,
    passkey: PasskeyRecord,
    origin: string | undefined,
  ): Promise<number | undefined> {
    const { challenge, relyingParty } = askedIn(nonce)
    const { userHandle, ...response } = credential.response
    const isOwners = !userHandle || Buffer.from(userHandle, 'base64url').toString() === passkey.userId
    const page = await this.#page(credential.response.clientDataJSON, origin)
    if (page === undefined || !isOwners) return undefined
    const { verifyAuthenticationResponse } = await webAuthn()
    const verified = await verifyAuthenticationResponse({
      response: { ...credential, response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: page,
      expectedRPID: relyingParty,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.signatureCounter,
      },
    }).catch(() => undefined)
    return verified?.verified ? verified.authenticationInfo.newCounter : undefined
  }

  /**
   * The origins whose pages may use the passkeys of the Frontend API's host.
   *
   * @throws {ApiError} 404 where passkeys belong to the application's domain
   */
  async relatedOrigins(): Promise<string[]> {
    const { context, domains } = this.options
    const { settings } = context.instance
    if (settings.passkey.relyingParty !== 'auth_host') throw passkeyErrors.noRelatedOrigins()
    const { data } = await domains.list()
    return relatedOrigins(
      context.instance,
      data.filter(({ isSatellite }) => isSatellite).map(({ name }) => name),
    )
  }

  /** The page that the device has seen: one of the instance's, and the one that asks now if the request names it. */
  async #page(clientDataJSON: string, origin: string | undefined): Promise<string | undefined> {
    const page = pageOf(clientDataJSON)
    if (page === undefined || (origin !== undefined && origin !== page)) return undefined
    return (await this.options.origins.allows(page)) ? page : undefined
  }

  #relyingParty(origin: string | undefined): string {
    const { context } = this.options
    return relyingPartyOf(context.instance, context.publicUrl(), origin)
  }

  #challenge() {
    return new Uint8Array(this.options.context.random.bytes(32))
  }
}

function askedIn(nonce: string): Asked {
  const options = JSON.parse(nonce) as { challenge: string; rp?: { id: string }; rpId?: string }
  return { challenge: options.challenge, relyingParty: (options.rp?.id ?? options.rpId)! }
}

function toDescriptor({ credentialId: id, transports }: PasskeyRecord) {
  return transports.length > 0 ? { id, transports } : { id }
}
