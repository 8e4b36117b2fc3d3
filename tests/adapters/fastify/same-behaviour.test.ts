import * as ours from '@latchkey/fastify'
import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import {
  describeAuth,
  describeReply,
  development,
  optionsOf,
  toHeaders,
  tokens,
  visits,
  withApi,
  type Visit,
} from '../hono-fastify.test-support.js'

/** Its types stay out: both packages say what `request.clerk` is. */
const official = (await import('@clerk/fastify' as string)) as typeof ours

async function visit({ clerkPlugin, getAuth }: typeof ours, visited: Visit) {
  const app = Fastify()
  await app.register(clerkPlugin, optionsOf(visited))
  app.all('*', (request) => describeAuth((options) => getAuth(request, options as never)))
  const { path = '/', method = 'GET', body } = visited
  try {
    return await withApi(visited.api, async () => {
      const {
        statusCode,
        headers,
        body: text,
      } = await app.inject({ url: path, method: method as 'GET', body, headers: toHeaders(visited) })
      return describeReply({
        status: statusCode,
        headers: Object.entries(headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((one) => [name, String(one)] as [string, string]),
        ),
        body: text,
      })
    })
  } finally {
    await app.close()
  }
}

const document = { 'sec-fetch-dest': 'document' }

/** Only Fastify's plugin has this option. */
const withoutHandshakes: Visit[] = [
  { name: 'a browser', headers: document, cookies: { __client_uat: '9' } },
  { name: 'a new browser of a development instance', instance: development, headers: document },
  { name: 'a nonce in a cookie', headers: document, cookies: { a: 'b', __clerk_handshake_nonce: 'nonce', c: 'd' } },
  { name: 'a nonce in the query', headers: document, path: '/?a=b&__clerk_handshake_nonce=nonce&c=d' },
  { name: 'an encoded name in the query', headers: document, path: '/?%5F_clerk_handshake_nonce=nonce' },
  {
    name: 'a handshake and a session',
    headers: document,
    cookies: { __clerk_handshake: 'x.y.z', __client_uat: '1', __session: tokens.session },
  },
]

describe('@latchkey/fastify, beside @clerk/fastify', () => {
  it('has the same names', () => {
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(official)))
  })

  it.each(
    visits.flatMap((visited) =>
      ['onRequest', 'preHandler'].map((hookName) => ({ ...visited, options: { ...visited.options, hookName } })),
    ),
  )('answers $name the same, $options.hookName', async (visited) => {
    const expected = await visit(official, visited)
    expect(await visit(ours, visited)).toEqual(expected)
  })

  it.each(withoutHandshakes)('answers $name the same, without handshakes', async (visited) => {
    const quiet = { ...visited, options: { __internal_enableHandshake: false } }
    const expected = await visit(official, quiet)
    expect(await visit(ours, quiet)).toEqual(expected)
    expect(expected.requests).toEqual([])
  })
})
