import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

/** What an authenticator, or the browser in front of it, may do otherwise than it should. */
export interface Quirks {
  origin?: string
  rpId?: string
  challenge?: string
  type?: string
  crossOrigin?: boolean
  /** Without a PIN, a finger or a face. */
  unverified?: boolean
  absent?: boolean
  counter?: number
  /** The algorithm that the key is said to be of, by its number in COSE. */
  algorithm?: number
  userHandle?: string
  /** Signs with another key. */
  forged?: boolean
}

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const ATTESTED = 0x40
const ES256 = -7

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest()

/** A device with one passkey, and the page that asks it: answers the options of the server as a browser does. */
export class Authenticator {
  readonly id = base64url(randomBytes(16))
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  #userHandle = ''
  /** Devices that synchronize passkeys do not count. */
  counter = 0

  constructor(private readonly origin = 'http://localhost:3000') {}

  /** As the server keeps it. */
  get publicKey(): string {
    return base64url(this.#publicKey(ES256))
  }

  /** @param nonce the options, JSON. @returns `public_key_credential` */
  create(nonce: string, quirks: Quirks = {}): string {
    const options = JSON.parse(nonce) as { challenge: string; rp: { id: string }; user: { id: string } }
    this.#userHandle = options.user.id
    const id = Buffer.from(this.id, 'base64url')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.#publicKey(quirks.algorithm ?? ES256)])
    const authData = Buffer.concat([this.#data(options.rp.id, ATTESTED, quirks), attested])
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    )
    return this.#credential({
      clientDataJSON: base64url(this.#clientData('webauthn.create', options.challenge, quirks)),
      attestationObject: base64url(attestationObject),
      transports: ['internal'],
    })
  }

  /** @param nonce the options, JSON. @returns `public_key_credential` */
  get(nonce: string, quirks: Quirks = {}): string {
    const options = JSON.parse(nonce) as { challenge: string; rpId: string }
    const clientData = this.#clientData('webauthn.get', options.challenge, quirks)
    const data = this.#data(options.rpId, 0, quirks)
    const key = quirks.forged ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : this.#keys.privateKey
    return this.#credential({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(data),
      signature: base64url(sign('sha256', Buffer.concat([data, sha256(clientData)]), key)),
      userHandle: quirks.userHandle ?? this.#userHandle,
    })
  }

  #credential(response: object): string {
    const { id } = this
    return JSON.stringify({
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response,
    })
  }

  #clientData(type: string, challenge: string, quirks: Quirks): Buffer {
    const { origin = this.origin, crossOrigin = false } = quirks
    const said = { type: quirks.type ?? type, challenge: quirks.challenge ?? challenge, origin, crossOrigin }
    return Buffer.from(JSON.stringify(said))
  }

  #data(rpId: string, flags: number, { rpId: other, unverified, absent, counter = this.counter }: Quirks): Buffer {
    const present = absent ? 0 : USER_PRESENT
    const verified = unverified ? 0 : USER_VERIFIED
    const rest = Buffer.alloc(5)
    rest.writeUInt8(flags | present | verified)
    rest.writeUInt32BE(counter, 1)
    return Buffer.concat([sha256(other ?? rpId), rest])
  }

  #publicKey(algorithm: number): Buffer {
    const { x, y } = (this.#keys.publicKey as KeyObject).export({ format: 'jwk' })
    const coordinate = (text: string | undefined) => Buffer.from(text!, 'base64url')
    return cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, algorithm],
        [-1, 1],
        [-2, coordinate(x)],
        [-3, coordinate(y)],
      ]),
    )
  }
}

type Cbor = number | string | Buffer | Map<string | number, Cbor>

/** As much of CBOR as attestations are made of. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([name, field]) => [cbor(name), cbor(field)])])
}

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value])
  return value < 256
    ? Buffer.from([(major << 5) | 24, value])
    : Buffer.from([(major << 5) | 25, value >> 8, value & 255])
}
