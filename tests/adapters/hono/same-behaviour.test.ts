import * as ours from '@latchkey/hono'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import {
  describeAuth,
  describeReply,
  optionsOf,
  toHeaders,
  visits,
  withApi,
  type Visit,
} from '../hono-fastify.test-support.js'

/** Its types stay out: both packages say what `c.get('clerk')` is. */
const official = (await import('@clerk/hono' as string)) as typeof ours

async function visit({ clerkMiddleware, getAuth }: typeof ours, visited: Visit) {
  const app = new Hono()
  app.use(clerkMiddleware(optionsOf(visited)))
  app.all('*', async (c) => c.json(await describeAuth((options) => getAuth(c, options as never))))
  const { path = '/', method, body } = visited
  return withApi(visited.api, async () => {
    const response = await app.request(`http://app.example.com${path}`, { method, body, headers: toHeaders(visited) })
    return describeReply({ status: response.status, headers: [...response.headers], body: await response.text() })
  })
}

describe('@latchkey/hono, beside @clerk/hono', () => {
  it('has the same names', () => {
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(official)))
  })

  it.each(visits)('answers $name the same', async (visited) => {
    const expected = await visit(official, visited)
    expect(await visit(ours, visited)).toEqual(expected)
  })
})
