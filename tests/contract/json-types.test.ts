import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ObjectType } from '@latchkey/backend'
import { beforeAll, expect, it } from 'vitest'
import { type Declaration, readDeclarations } from '../../scripts/sdk-docs/declarations.mjs'
import { type Field, Fields, literals } from '../../scripts/sdk-docs/fields.mjs'
import { root } from '../../scripts/setup.mjs'
import { contractFolder, describeWithContract } from './contract.test-support.js'
import { isObject, type Json, type JsonObject, resolve } from './json-schema.test-support.js'

/** Places where a type says other than the contract, and why. */
const exceptions: Record<string, string> = {
  'DomainJSON.proxy_url may be null': 'The official SDK has a string or nothing.',
  'ExternalAccountJSON.image_url may be null': 'The official SDK has a string or nothing.',
  'OrganizationMembershipJSON.public_user_data.identifier may be null': 'The official SDK takes it without asking.',
  'SignInTokenJSON.url may be null': 'The official SDK takes it without asking.',
  'UserJSON.private_metadata may be null': 'Only other users see it so, in an API that is not this one.',
}

/** Answers whose objects have no tag, by operation; each is compared with this type. */
const untagged: Record<string, string> = {
  CreateEnterpriseConnectionTestRun: 'EnterpriseConnectionTestRunUrlJSON',
  CreateSvixApp: 'WebhooksSvixJSON',
  DeleteBackupCode: 'UserIdJSON',
  DeleteTOTP: 'UserIdJSON',
  DisableMFA: 'UserIdJSON',
  GenerateSvixAuthURL: 'WebhooksSvixJSON',
  GetJWKS: 'JwksJSON',
  ListEnterpriseConnectionTestRuns: 'EnterpriseConnectionTestRunJSON',
  VerifyPassword: 'VerifiedPasswordJSON',
  VerifyTOTP: 'VerifiedTOTPJSON',
  getApiKeySecret: 'APIKeySecretJSON',
  getM2MTokens: 'M2MTokenListJSON',
  verifyOAuthAccessToken: 'InactiveTokenJSON',
}

const folder = join(root, 'packages/types/src')
const declarations = readDeclarations(readdirSync(folder).map((file) => join(folder, file)))
const fields = new Fields(new Map(declarations.map((declaration) => [declaration.name, declaration])))
const types = declarations
  .filter(({ node }) => node.type === 'TSInterfaceDeclaration')
  .map((type) => ({ type, tags: tagsOf(type) }))

/** The values of `object` in what a type describes. */
function tagsOf(type: Declaration): string[] {
  // Its own type says only that it is a text.
  const alias = type.name === 'VerificationJSON' ? 'VerificationObject' : undefined
  const tag = fields.ofDeclaration(type).find(({ name }) => name === 'object')
  const named = declarations.find(({ name }) => name === (alias ?? tag?.type))
  return tag ? literals(named ? named.node.typeAnnotation : tag.node) : []
}

/** A schema and the types that its tag may mean: names what is in the schema and in none of them. */
class Comparison {
  readonly tags = new Set<string>()
  /** Operations with answers that have no tag. */
  readonly untagged = new Set<string>()
  readonly problems = new Set<string>()
  private readonly seen = new Set<string>()

  constructor(private readonly document: JsonObject) {}

  /** Looks for tagged objects in a schema. */
  walk(node: Json | undefined): void {
    const schema = this.whole(node)
    const key = JSON.stringify(schema)
    if (this.seen.has(key)) return
    this.seen.add(key)
    for (const part of [...list(schema.oneOf), ...list(schema.anyOf), ...list(schema.items)]) this.walk(part)
    const properties = this.properties(schema)
    for (const property of Object.values(properties)) this.walk(property)
    const tag = properties.object && this.whole(properties.object)
    for (const value of list(tag && (tag.enum ?? tag.const)) as string[]) {
      this.tags.add(value)
      // What tells of a deletion is a type of its own, whatever was deleted.
      if (!('deleted' in properties)) this.compareWithOneOf(value, schema)
    }
  }

  /** Looks for objects without a tag in the answer of an operation, which is one, a list, or a choice. */
  walkUntagged(operationId: string, node: Json | undefined): void {
    const schema = this.whole(node)
    const properties = this.properties(schema)
    for (const part of [
      ...list(schema.items),
      ...list(schema.oneOf),
      ...list(schema.anyOf),
      ...('total_count' in properties ? list(properties.data) : []),
    ]) {
      this.walkUntagged(operationId, part)
    }
    if (Object.keys(properties).length === 0 || 'object' in properties || 'data' in properties) return
    this.untagged.add(operationId)
    const type = declarations.find(({ name }) => name === untagged[operationId])
    if (type)
      for (const problem of this.compare(schema, fields.ofDeclaration(type), type.name)) this.problems.add(problem)
  }

  private compareWithOneOf(tag: string, schema: JsonObject): void {
    const found = types
      .filter(({ tags }) => tags.includes(tag))
      .map(({ type }) => this.compare(schema, fields.ofDeclaration(type), type.name))
    if (found.length === 0) this.problems.add(`No type has the tag ${tag}.`)
    for (const problem of found.toSorted((a, b) => a.length - b.length)[0] ?? []) this.problems.add(problem)
  }

  private compare(schema: JsonObject, has: Field[], at: string): string[] {
    return Object.entries(this.properties(schema)).flatMap(([name, property]) => {
      const field = has.find((candidate) => candidate.name === name)
      const { items, nullable, ...inner } = this.whole(property)
      if (!field) return [`${at}.${name} is missing`]
      const wrong = nullable === true && !/null|unknown/.test(field.type) ? [`${at}.${name} may be null`] : []
      const below = this.whole((items as Json | undefined) ?? inner)
      // Tagged objects are compared where they are found; a type without fields leaves open what is in it.
      const inside = 'object' in this.properties(below) ? [] : fields.inside(field)
      return [...wrong, ...(inside.length > 0 ? this.compare(below, inside, `${at}.${name}`) : [])]
    })
  }

  private properties(schema: JsonObject): JsonObject {
    return isObject(schema.properties) ? schema.properties : {}
  }

  /** A schema with what it points to and is put together of. */
  private whole(node: Json | undefined): JsonObject {
    const schema = isObject(node) ? resolve(this.document, node) : {}
    const parts = list(schema.allOf).map((part) => this.whole(part))
    return {
      ...Object.assign({}, ...parts),
      ...schema,
      properties: Object.assign({}, ...parts.map((part) => part.properties), schema.properties),
    }
  }
}

function list(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value].flat()
}

/** Compares the answers of all operations of the newest version with the wire types. */
function compareAll(folderOfContract: string): Comparison {
  const document = JSON.parse(readFileSync(join(folderOfContract, 'backend-api.json'), 'utf8')) as JsonObject
  const comparison = new Comparison(document)
  for (const item of Object.values(document.paths as JsonObject)) {
    for (const operation of Object.values(item as JsonObject)) {
      const responses = isObject(operation) && isObject(operation.responses) ? operation.responses : {}
      for (const status of Object.keys(responses).filter((code) => code < '300')) {
        const { content } = resolve(document, responses[status])
        if (!isObject(content) || !isObject(content['application/json'])) continue
        comparison.walk(content['application/json'].schema)
        comparison.walkUntagged((operation as JsonObject).operationId as string, content['application/json'].schema)
      }
    }
  }
  return comparison
}

describeWithContract('the wire types and the answers of the contract', () => {
  let comparison: Comparison

  beforeAll(() => {
    comparison = compareAll(contractFolder!)
  })

  it('have the same fields, and null where it may be', () => {
    expect([...comparison.problems].toSorted()).toEqual(Object.keys(exceptions).toSorted())
  })

  it('are there for what has no tag', () => {
    expect([...comparison.untagged].toSorted()).toEqual(Object.keys(untagged).toSorted())
    expect(declarations.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.values(untagged)))
  })

  it('have the kinds that ObjectType names', () => {
    const kinds = new Set<string>(Object.values(ObjectType))
    const unnamed = [...comparison.tags].filter((tag) => !kinds.has(tag))
    expect(unnamed.filter((tag) => !tag.startsWith('verification_'))).toEqual([])
  })

  it('are about all kinds of resources', () => {
    expect(comparison.tags.size).toBeGreaterThan(70)
    expect([...comparison.tags]).toEqual(
      expect.arrayContaining(['admin_portal_link_token', 'commerce_statement', 'directory', 'verification_otp']),
    )
  })
})
