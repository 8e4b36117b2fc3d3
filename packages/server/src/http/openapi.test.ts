import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it, vi } from 'vitest'
import { backendEndpoints } from '../compose/endpoints.js'
import { createServer } from '../index.js'
import { VERSION } from '../kernel/version.js'
import { createOpenApi } from './openapi.js'
import { operations } from './operations.js'

// oxlint-disable-next-line no-explicit-any
const document: any = JSON.parse(
  JSON.stringify(createOpenApi(backendEndpoints, { publicUrl: 'https://id.example.com', version: VERSION })),
)

interface Described {
  method: string
  path: string
  operationId: string
  tags: string[]
}

const described = Object.entries(document.paths as Record<string, Record<string, Described>>).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
)

describe('the OpenAPI description', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(document)).toEqual({ valid: true })
    expect(document.openapi).toBe('3.1.0')
  })

  it('describes every endpoint, and nothing that is not an operation of the Backend API', () => {
    const served = backendEndpoints.map(({ operationId }) => operationId)
    expect(described.map(({ operationId }) => operationId).sort()).toEqual(served.sort())

    for (const { method, path, operationId, tags } of described) {
      const route = `/v1${path.replace(/\{(\w+)\}/g, ':$1')}`
      const operation = operations.find(
        (candidate) => candidate.api === 'backend' && candidate.operationId === operationId,
      )
      expect({ method, tags, route }).toEqual({
        method: operation?.method,
        tags: [operation?.tag],
        route: operation?.path,
      })
    }
  })

  it('describes every answer', () => {
    const without = backendEndpoints
      .filter(({ answer, status }) => !answer && status !== 204 && status !== 202)
      .map(({ operationId }) => operationId)
    // A page for browsers.
    expect(without).toEqual(['GetPublicInterstitial'])
  })

  it('refers only to what is there', () => {
    const text = JSON.stringify(document)
    const references = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)].map(([, kind, name]) => `${kind} ${name}`),
    )
    expect(text.match(/"\$ref":"(?!#\/components\/)[^"]*"/g)).toBe(null)
    const there = Object.entries(document.components as Record<string, object>).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `${kind} ${name}`),
    )
    expect([...references].filter((reference) => !there.includes(reference))).toEqual([])
  })

  it('says how an operation is called and what it answers', () => {
    const { parameters, security, requestBody, responses } = document.paths['/users/{user_id}'].patch
    expect(parameters).toEqual([
      { name: 'user_id', in: 'path', required: true, schema: { type: 'string' } },
      { $ref: '#/components/parameters/APIVersion' },
    ])
    expect(security).toEqual([{ secretKey: [] }])
    expect(requestBody.content['application/json'].schema).toMatchObject({
      type: 'object',
      properties: { first_name: { anyOf: [{ type: 'string', maxLength: 256 }, { type: 'null' }] } },
      additionalProperties: false,
    })
    expect(responses).toEqual({
      200: {
        description: 'The answer',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } },
      },
      default: { $ref: '#/components/responses/ClerkErrors' },
    })
    const list = document.paths['/users'].get
    expect(list.parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 500, default: 10 },
    })
    expect(list.responses[200].content['application/json'].schema).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/User' },
    })
  })

  it('is served to anybody, with the URL and the version of the server', async () => {
    const server = await createServer({ publicUrl: 'https://id.example.com/' })
    try {
      const response = await server.fetch(new Request('https://id.example.com/v1/openapi.json'))
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual(document)
      const write = vi.spyOn(JSON, 'stringify')
      const ask = (headers = {}) => server.fetch(new Request('https://id.example.com/v1/openapi.json', { headers }))
      expect(await (await ask()).json()).toEqual(document)
      const known = await ask({ 'if-none-match': response.headers.get('etag')! })
      expect([known.status, await known.text()]).toEqual([304, ''])
      expect(write).not.toHaveBeenCalled()
    } finally {
      vi.restoreAllMocks()
      await server.close()
    }
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(document.info.version).toBe(manifest.version)
  })
})
