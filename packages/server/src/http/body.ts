/// <reference lib="es2024.string" />
import { MIMEType } from 'node:util'
import type { ApiError } from '../kernel/errors/api-error.js'
import { ClientGone } from '../kernel/errors/client-gone.js'
import { errors } from '../kernel/errors/errors.js'
import { toWellFormed } from '../kernel/legal-text.js'
import { findInexactNumber } from './exact-numbers.js'
import { fromText, type Field, type FieldKind } from './fields.js'
import { formText } from './form-text.js'

/** JSON and form bodies, in bytes. */
export const BODY_LIMIT = 1024 * 1024
/** Bodies with a file, in bytes: the largest image and room for the form around it. */
export const MULTIPART_LIMIT = 11 * 1024 * 1024
/** Of a multipart body: reading a small part costs far more time than its few bytes suggest. */
const PARTS_LIMIT = 100
/** Of a JSON body or a form: each value takes time to check, and a megabyte of them would delay all other requests. */
const VALUES_LIMIT = 10_000

/** The classic SDK turns `ID` into `i_d` when it writes a name in snake case. */
const formAliases = new Map([
  ['primary_email_address_i_d', 'primary_email_address_id'],
  ['primary_phone_number_i_d', 'primary_phone_number_id'],
])

/**
 * Reads a JSON or form body by the fields of its schema. An empty body is an empty object, whatever its type,
 * and so is the `null` that some clients send instead.
 *
 * @param list the body is an array: no form can hold it
 */
export async function readBody(
  request: Request,
  fields: ReadonlyMap<string, Field>,
  { list = false, limit = BODY_LIMIT }: { list?: boolean; limit?: number } = {},
): Promise<object> {
  const bytes = await readBytes(request, limit)
  if (bytes.length === 0) return list ? [] : {}
  const contentType = mediaType(request)
  const isJson = contentType === 'application/json' || contentType.endsWith('+json')
  const isForm = contentType === 'application/x-www-form-urlencoded' && !list
  if (isJson || isForm) requireUtf8(request, contentType)
  if (isJson) {
    requireFew(valuesOfJson(bytes))
    return parseJson(bytes, list)
  }
  if (isForm) {
    requireFew(valuesOfForm(bytes))
    return parseForm(bytes, fields)
  }
  const supported = list ? 'application/json' : 'application/json or application/x-www-form-urlencoded'
  throw errors.contentTypeUnsupported(contentType, supported)
}

/**
 * The file in the field `file` of a multipart body, or undefined when there is none.
 *
 * @param bare the whole body can be the file instead, as `application/octet-stream`
 */
export async function readFile(request: Request, { bare = false }: { bare?: boolean } = {}): Promise<File | undefined> {
  const contentType = mediaType(request)
  if (bare && contentType === 'application/octet-stream') {
    const content = await readBytes(request, MULTIPART_LIMIT, errors.imageTooLarge)
    return content.length === 0 ? undefined : new File([content as BlobPart], 'image')
  }
  if (contentType !== 'multipart/form-data') throw errors.contentTypeUnsupported(contentType, 'multipart/form-data')
  const bytes = await readBytes(request, MULTIPART_LIMIT, errors.imageTooLarge)
  const boundary = boundaryOf(request)
  if (boundary === undefined) throw errors.bodyInvalid('it is not multipart/form-data')
  if (hasManyParts(bytes, boundary)) throw errors.bodyInvalid(`it has more than ${PARTS_LIMIT} parts`)
  // With a header of our own, so that it is parsed with the boundary by which its parts were counted.
  const form = await new Response(bytes as BodyInit, {
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
  })
    .formData()
    .catch(() => {
      throw errors.bodyInvalid('it is not multipart/form-data')
    })
  const file = form.get('file')
  return typeof file === 'string' || file === null ? undefined : (file as File)
}

/** The boundaries that RFC 2046 allows. */
const BOUNDARY = /^[\w'()+,./:=? -]{1,70}$/

function boundaryOf(request: Request): string | undefined {
  try {
    const boundary = new MIMEType(request.headers.get('content-type')!).params.get('boundary') ?? ''
    return BOUNDARY.test(boundary) ? boundary : undefined
  } catch {
    return undefined
  }
}

function hasManyParts(bytes: Uint8Array, boundaryText: string): boolean {
  const boundary = Buffer.from(`--${boundaryText}`)
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let parts = 0
  for (let at = body.indexOf(boundary); at >= 0; at = body.indexOf(boundary, at + boundary.length)) {
    if (++parts > PARTS_LIMIT) return true
  }
  return false
}

async function readBytes(
  request: Request,
  limit: number,
  tooLarge: (limit: number) => ApiError = errors.bodyTooLarge,
): Promise<Uint8Array> {
  const gone = (cause: unknown) => {
    throw new ClientGone({ cause })
  }
  const announced = request.headers.get('content-length')
  if (announced === '0') return new Uint8Array()
  if (Number(announced ?? 0) > limit) throw tooLarge(limit)
  if (announced !== null) {
    // Of a known length it is read as it comes from the socket. Its stream would cost more than what it says.
    const bytes = new Uint8Array(await request.arrayBuffer().catch(gone))
    if (bytes.length > limit) throw tooLarge(limit)
    return bytes
  }
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = request.body.getReader()
  const next = () => reader.read().catch(gone)
  for (let read = await next(); !read.done; read = await next()) {
    length += read.value.length
    if (length > limit) {
      // Not cancelled: the stream of a form fails unseen on Node 24 if it is. Whoever serves the connection closes it.
      reader.releaseLock()
      throw tooLarge(limit)
    }
    chunks.push(read.value)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
}

/** Read as UTF-8, a text in another encoding would be another text. */
function requireUtf8(request: Request, contentType: string): void {
  const [, charset] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(request.headers.get('content-type')!) ?? []
  if (charset === undefined || /^(utf-?8|us-ascii)$/i.test(charset)) return
  throw errors.contentTypeUnsupported(`${contentType};charset=${charset}`, `${contentType} in UTF-8`)
}

function requireFew(values: number): void {
  if (values > VALUES_LIMIT) throw errors.bodyInvalid(`it has more than ${VALUES_LIMIT} values`)
}

const QUOTE = 0x22
const AND = 0x26
const COMMA = 0x2c
const ARRAY = 0x5b
const BACKSLASH = 0x5c
const OBJECT = 0x7b

/** How many values the text would have if it is JSON. Much faster than parsing; stops just beyond the limit. */
function valuesOfJson(bytes: Uint8Array): number {
  let values = 0
  let isText = false
  for (let index = 0; index < bytes.length && values <= VALUES_LIMIT; index++) {
    const byte = bytes[index]
    if (isText) {
      if (byte === BACKSLASH) index++
      else if (byte === QUOTE) isText = false
    } else if (byte === QUOTE) isText = true
    else if (byte === COMMA || byte === ARRAY || byte === OBJECT) values++
  }
  return values
}

function valuesOfForm(bytes: Uint8Array): number {
  let values = 1
  for (let index = 0; index < bytes.length && values <= VALUES_LIMIT; index++) if (bytes[index] === AND) values++
  return values
}

function parseJson(bytes: Uint8Array, list: boolean): object {
  let value: unknown
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw errors.bodyInvalid('it is not JSON in UTF-8')
  }
  requireExactNumbers(text)
  if (value === null && !list) return {}
  if (value === null || typeof value !== 'object' || Array.isArray(value) !== list) {
    throw errors.bodyInvalid(`it must be a JSON ${list ? 'array' : 'object'}`)
  }
  return value
}

/** Kept otherwise, an id would become that of somebody else. @param param where the text stands, if that is known */
function requireExactNumbers(text: string, param?: string): void {
  const found = findInexactNumber(text)
  if (!found) return
  const why = `has the number ${found.number.slice(0, 40)}, which would not stay exactly the same: send it as text`
  throw errors.paramValueInvalid(toWellFormed(param ?? found.field ?? 'body'), why)
}

function parseForm(bytes: Uint8Array, fields: ReadonlyMap<string, Field>): Record<string, unknown> {
  // No encoder of forms writes these bytes as they are. Such a body would be one parameter that nobody knows.
  if (bytes[0] === OBJECT || bytes[0] === ARRAY) throw errors.bodyInvalid('its type says a form, but it is JSON')
  const form = formText(bytes)
  if (form === undefined) throw errors.bodyInvalid('it is not a form in UTF-8')
  const values = new Map<string, string[]>()
  // In one pass: looking up the values of each name separately takes a minute for a megabyte of names.
  for (const [key, text] of new URLSearchParams(form)) {
    const texts = values.get(key)
    if (texts) texts.push(text)
    else values.set(key, [text])
  }
  let nested = 0
  const read = (text: string, kind: FieldKind, name: string) => {
    if (kind === 'object' || kind === 'array') requireFew((nested += valuesOfJson(Buffer.from(text))))
    const value = fromText(text, kind)
    // Text that is no JSON stays text.
    if (typeof value === 'object' && value !== null) requireExactNumbers(text, name)
    return value
  }
  // Assigning to __proto__ would create no parameter, so that one of this name would go unnoticed.
  return Object.fromEntries(
    [...values].map(([key, texts]) => {
      const name = formAliases.get(key) ?? key
      const field = fields.get(name)
      return [
        name,
        field?.kind === 'array'
          ? texts.map((text) => read(text, field.item ?? 'string', name))
          : read(texts[0]!, field?.kind ?? 'string', name),
      ]
    }),
  )
}
