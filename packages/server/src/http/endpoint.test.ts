import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { endpointFactory } from './endpoint.js'

interface Tea {
  id: string
  name: string
}

interface TeaService {
  get(id: string): Promise<Tea>
  list(): Promise<{ data: Tea[]; totalCount: number }>
}

const tea = { schema: z.object({ id: z.string() }), toJSON: ({ id }: Tea) => ({ id }) }
const endpoint = endpointFactory<{ teas: TeaService }>()
const access = 'secret_key'

describe('an endpoint', () => {
  it('is declared with its route, and strict about its body', () => {
    const declared = endpoint(
      'POST /teas/:tea_id',
      { operationId: 'BrewTea', access, answer: tea, body: z.object({ water_temperature: z.int() }) },
      ({ params, services }) => services.teas.get(params.teaId),
    )
    expect(declared).toMatchObject({ method: 'POST', path: '/teas/:tea_id', operationId: 'BrewTea', access })
    expect(declared.body!.safeParse({ water_temperature: 80, sugar: true }).success).toBe(false)
    expect(declared.renameBody({ water_temperature: 80 })).toEqual({ waterTemperature: 80 })
  })

  it('takes a list of things, strict about each and about their number', () => {
    const several = z
      .array(z.object({ water_temperature: z.int() }))
      .min(1)
      .max(2)
    const { body, renameBody } = endpoint(
      'POST /teas/bulk',
      { operationId: 'BrewTeas', access, answer: tea, body: several },
      ({ body: teas, services }) => services.teas.get(String(teas[0]!.waterTemperature)),
    )
    const hot = { water_temperature: 80 }
    expect(
      [[], [hot], [hot, hot, hot], [{ ...hot, sugar: true }]].map((value) => body!.safeParse(value).success),
    ).toEqual([false, true, false, false])
    expect(renameBody([hot])).toEqual([{ waterTemperature: 80 }])
  })

  it('refuses at start a body whose names it could not change', () => {
    const either = z.object({ leaf: z.union([z.object({ a_b: z.int() }), z.object({ c_d: z.int() })]) })
    expect(() =>
      endpoint('POST /teas', { operationId: 'AddTea', access, answer: tea, body: either }, ({ services }) =>
        services.teas.get('x'),
      ),
    ).toThrow('cannot be renamed')
  })

  it('does not compile when it answers what its answer cannot write', () => {
    const wrong = [
      // @ts-expect-error another record
      endpoint('GET /a', { operationId: 'a', access, answer: tea }, async () => ({ id: 'x' })),
      endpoint('GET /b', { operationId: 'b', access, answer: tea, list: 'array' }, ({ services }) =>
        // @ts-expect-error a list must return a page
        services.teas.get('x'),
      ),
      // @ts-expect-error a page where one is answered
      endpoint('GET /c', { operationId: 'c', access, answer: tea }, ({ services }) => services.teas.list()),
    ]
    expect(wrong).toHaveLength(3)
  })

  it('does not compile with wire names, another service or a caller of another kind in its handler', () => {
    const body = z.object({ first_name: z.string() })
    const wrong = [
      endpoint('POST /d', { operationId: 'd', access, answer: tea, body }, ({ body: input, services }) =>
        // @ts-expect-error wire names end at the edge
        services.teas.get(input.first_name),
      ),
      endpoint('GET /e/:tea_id', { operationId: 'e', access, answer: tea }, ({ params, services }) =>
        // @ts-expect-error those of the path too
        services.teas.get(params.tea_id),
      ),
      // @ts-expect-error a service that the file did not ask for
      endpoint('GET /f', { operationId: 'f', access, answer: tea }, ({ services }) => services.users.get('x')),
      endpoint('GET /g', { operationId: 'g', access, answer: tea }, ({ caller, services }) =>
        // @ts-expect-error a secret key has no user
        services.teas.get(caller.userId),
      ),
      endpoint('GET /h', { operationId: 'h', access: 'session', answer: tea }, ({ caller, services }) =>
        services.teas.get(caller.userId),
      ),
    ]
    expect(wrong).toHaveLength(5)
  })
})
