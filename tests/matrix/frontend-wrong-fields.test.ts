import { describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { configure } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import type { FieldKind } from '../../packages/server/src/http/fields.js'
import { dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { goodForm, newPerson, sendAs, settings, typed } from './frontend-world.test-support.js'

/** A value of another type. A text that is JSON stands for what it says where an object is expected. */
const OTHER: Readonly<Record<FieldKind, unknown>> = {
  string: { a: 1 },
  number: 'many',
  boolean: 'perhaps',
  array: { a: 1 },
  object: [1],
}

const taking = frontendEndpoints.filter(({ bodyFields, method }) => bodyFields.size > 0 && method !== 'GET')

describe.each(dialects)('a field of a wrong type, on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('is named by every operation that takes it, so that components show the sentence beside it (mistake 27)', async () => {
    await configure(server, settings)
    const person = await newPerson(server)
    const wrong: string[] = []
    let sent = 0
    for (const endpoint of taking) {
      for (const [name, { kind }] of endpoint.bodyFields) {
        const fields = { ...typed(goodForm(endpoint, person), endpoint), [name]: OTHER[kind] }
        const answer = await sendAs(server, endpoint, {
          token: person.browserOf(endpoint).token,
          path: person.pathOf(endpoint),
          form: {},
          body: { type: 'application/json', content: JSON.stringify(fields) },
        })
        sent++
        const found = [answer.status, answer.code, ...answer.params].join(' ')
        if (!found.startsWith('422 form_') || !answer.params.includes(name))
          wrong.push(`${endpoint.operationId} ${name}: ${found}`)
      }
    }
    expect(wrong).toEqual([])
    expect(sent).toBeGreaterThan(100)
  })
})
