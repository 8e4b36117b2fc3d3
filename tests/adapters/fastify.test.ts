import * as ours from '@latchkey/fastify'
import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { describeAuth, describeReply, optionsOf, toHeaders, visits, withApi, type Visit } from './hono-fastify.test-support.js'

/** Its types stay out: both packages say what `request.clerk` is. */
const official = (await import('@clerk/fastify' as string)) as typeof ours

async function visit({ clerkPlugin, getAuth }: typeof ours, visited: Visit) {
  const app = Fastify()
  await app.register(clerkPlugin, optionsOf(visited))
  app.all('*', (request) => describeAuth((options) => getAuth(request, options as never)))
  const { path = '/', method = 'GET', body } = visited
  try {
    return await withApi(visited.api, async () => {
      const { statusCode, headers, body: text } = await app.inject({ url: path, method: method as 'GET', body, headers: toHeaders(visited) })
      return describeReply({ status: statusCode, headers: Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, String(one)] as [string, string])), body: text })
    })
  } finally {
    await app.close()
  }
}

describe('@latchkey/fastify, beside @clerk/fastify', () => {
  it('has the same names', () => {
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(official)))
  })

  it.each(visits.flatMap((visited) => ['onRequest', 'preHandler'].map((hookName) => ({ ...visited, options: { ...visited.options, hookName } }))))(
    'answers $name the same, $options.hookName',
    async (visited) => {
      const expected = await visit(official, visited)
      expect(await visit(ours, visited)).toEqual(expected)
    },
  )
})
