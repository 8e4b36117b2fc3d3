import { ApiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject

export interface JsonObject {
  [key: string]: JsonValue
}

/**
 * What each shortcode may name, by its root. Any other name is null in a template, so that only listed values can get
 * into tokens, which browsers read. `private_metadata` is not listed.
 */
const SHORTCODES = {
  user: [
    'id',
    'external_id',
    'first_name',
    'last_name',
    'full_name',
    'username',
    'image_url',
    'has_image',
    'primary_email_address',
    'email_verified',
    'primary_phone_number',
    'phone_number_verified',
    'primary_web3_wallet',
    'two_factor_enabled',
    'created_at',
    'updated_at',
    'last_sign_in_at',
    'public_metadata',
    'unsafe_metadata',
    'organizations',
  ],
  org: ['id', 'slug', 'name', 'role', 'image_url', 'has_image', 'public_metadata'],
  org_membership: ['role', 'permissions', 'public_metadata'],
  session: ['actor'],
} as const

type Root = keyof typeof SHORTCODES

/**
 * The values of all shortcodes. Times are Unix seconds, as everywhere in claims; `user.organizations` maps ids of
 * organizations to roles. A root that does not apply (no active organization) is null or missing, and so is everything
 * below it.
 */
export type ShortcodeContext = {
  [R in Root]?: Record<(typeof SHORTCODES)[R][number], JsonValue> | null
}

/** Set by the server in every template's token. */
const DEFAULT_CLAIMS = ['azp', 'exp', 'iat', 'iss', 'jti', 'nbf', 'sub']
/** Carried by session tokens alone. */
const SESSION_CLAIMS = ['sid', 'v', 'pla', 'fea']

/** The claims that no template may set. */
export const RESERVED_CLAIMS: readonly string[] = [...DEFAULT_CLAIMS, ...SESSION_CLAIMS]

/** Levels of nested objects and arrays. */
const MAX_DEPTH = 20
/** Of the template, as JSON in UTF-8. Rendered claims can be larger by the size of the metadata they name. */
const MAX_BYTES = 16 * 1024

export type ClaimsProblem =
  | { reason: 'not_an_object' }
  | { reason: 'reserved_claim'; claim: string }
  | { reason: 'too_deep'; maxDepth: number }
  | { reason: 'too_large'; maxBytes: number }

/**
 * The problems that prevent a template from being stored; empty if there are none. An unknown shortcode is not a
 * problem: it renders as null, or stays as it is.
 */
export function validateClaims(claims: unknown): ClaimsProblem[] {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return [{ reason: 'not_an_object' }]
  if (isDeeperThan(claims, MAX_DEPTH)) return [{ reason: 'too_deep', maxDepth: MAX_DEPTH }]
  const problems: ClaimsProblem[] = Object.keys(claims)
    .filter((claim) => RESERVED_CLAIMS.includes(claim))
    .map((claim) => ({ reason: 'reserved_claim', claim }))
  if (Buffer.byteLength(JSON.stringify(claims)) > MAX_BYTES) problems.push({ reason: 'too_large', maxBytes: MAX_BYTES })
  return problems
}

/**
 * The claims of one token: the template with its shortcodes replaced. Keys and everything that is not text stay.
 *
 * A text that is one `{{…}}` and nothing else takes the value with its type; in a longer text values become text, null
 * included. Braces contain one operand, or several with `||` between them: the first one that is neither null nor false
 * wins, else the last one. Braces with any other content stay as they are.
 *
 * @see https://clerk.com/docs/guides/sessions/jwt-templates#shortcodes
 */
export function renderClaims(claims: JsonObject, context: ShortcodeContext): JsonObject {
  return renderObject(claims, context, 1)
}

function renderObject(claims: JsonObject, context: ShortcodeContext, depth: number): JsonObject {
  // fromEntries makes own properties of keys such as __proto__; an assignment would not.
  return Object.fromEntries(Object.entries(claims).map(([key, value]) => [key, renderValue(value, context, depth)]))
}

function renderValue(value: JsonValue, context: ShortcodeContext, depth: number): JsonValue {
  if (typeof value === 'string') return renderText(value, context)
  if (typeof value !== 'object' || value === null) return value
  // `validateClaims` already refuses deeper claims; this protects the stack in any case.
  if (depth >= MAX_DEPTH) return null
  if (Array.isArray(value)) return value.map((item) => renderValue(item, context, depth + 1))
  return renderObject(value, context, depth + 1)
}

/** `{{…}}`, in which a quoted literal may hold braces too. */
const BRACES = /\{\{((?:'[^']*'|[^'{}])*)\}\}/g

function renderText(text: string, context: ShortcodeContext): JsonValue {
  const whole = /^\{\{((?:'[^']*'|[^'{}])*)\}\}$/.exec(text)
  const operands = whole && parseOperands(whole[1]!)
  if (operands) return evaluate(operands, context)
  return text.replace(BRACES, (braces, expression: string) => {
    const parsed = parseOperands(expression)
    return parsed ? toText(evaluate(parsed, context)) : braces
  })
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

type Operand = { literal: string | number | boolean } | { root: Root; path: string[] }

/** Operands with `||` between them, or undefined when the expression is anything else. */
function parseOperands(expression: string): Operand[] | undefined {
  const operands: Operand[] = []
  const next = /\s*('[^']*'|[^\s'|]+)\s*(\|\||$)/y
  for (;;) {
    const match = next.exec(expression)
    const operand = match && parseOperand(match[1]!)
    if (!operand) return undefined
    operands.push(operand)
    if (match[2] === '') return operands
  }
}

function parseOperand(text: string): Operand | undefined {
  if (text.startsWith("'")) return { literal: text.slice(1, -1) }
  if (text === 'true' || text === 'false') return { literal: text === 'true' }
  if (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return { literal: Number(text) }
  const [root = '', ...path] = text.split('.')
  return isRoot(root) && path.length > 0 && path.every((key) => key !== '') ? { root, path } : undefined
}

function isRoot(name: string): name is Root {
  return Object.hasOwn(SHORTCODES, name)
}

function evaluate(operands: Operand[], context: ShortcodeContext): JsonValue {
  let value: JsonValue = null
  for (const operand of operands) {
    value = 'literal' in operand ? operand.literal : lookUp(operand, context)
    if (value !== null && value !== false) break
  }
  return value
}

function lookUp({ root, path }: { root: Root; path: string[] }, context: ShortcodeContext): JsonValue {
  if (!(SHORTCODES[root] as readonly string[]).includes(path[0]!)) return null
  let value: JsonValue | undefined = context[root]
  for (const key of path) value = member(value, key)
  return value ?? null
}

/** Own members only: names such as `constructor`, and the length of an array, are not metadata. */
function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? value[key] : undefined
}

/** Goes level by level, so that no nesting can exhaust the stack. */
function isDeeperThan(root: object, limit: number): boolean {
  let level: object[] = [root]
  for (let depth = 1; depth <= limit; depth += 1) {
    const values: unknown[] = level.flatMap((value) => Object.values(value))
    level = values.filter((value) => typeof value === 'object' && value !== null)
    if (level.length === 0) return false
  }
  return true
}

/** @throws {ApiError} 400 `jwt_template_reserved_claim`, one for each; 422 for claims that are too large or too deep */
export function checkClaims(claims: Record<string, unknown>): void {
  const problems = validateClaims(claims)
  const reserved = problems.filter((problem) => problem.reason === 'reserved_claim')
  if (reserved.length > 0) throw new ApiError(400, reserved.map(reservedClaim))
  for (const problem of problems) {
    if (problem.reason === 'too_large') throw errors.paramTooLarge('claims', problem.maxBytes)
    if (problem.reason === 'too_deep') {
      throw errors.paramValueInvalid('claims', `must not be nested deeper than ${problem.maxDepth} levels`)
    }
    throw errors.paramTypeInvalid('claims', 'object')
  }
}

function reservedClaim({ claim }: Extract<ClaimsProblem, { reason: 'reserved_claim' }>) {
  return {
    code: 'jwt_template_reserved_claim',
    message: 'Reserved claim used',
    long_message: `The claim ${claim} is set by the server and cannot be in a template`,
    meta: { param_name: 'claims' },
  }
}
