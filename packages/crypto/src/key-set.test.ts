import { describe, expect, it, vi } from 'vitest'
import { createKeySet, JwtError, type Jwk } from './index.js'

const first: Jwk = { kid: 'ins_1', kty: 'RSA' }
const second: Jwk = { kid: 'ins_2', kty: 'RSA' }

function setUp() {
  const clock = { now: 1_700_000_000_000 }
  const load = vi.fn<() => Promise<{ keys: Jwk[] }>>(async () => ({ keys: [first] }))
  const onWarning = vi.fn<(error: JwtError) => void>()
  const keySet = createKeySet({ load, onWarning, now: () => clock.now })
  return { clock, load, onWarning, keySet, get: (id: string) => keySet.getKey(id) }
}

/** When what goes on in the background is done. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a key set', () => {
  it('asks once for any number of callers, and again after five minutes', async () => {
    const { clock, load, get } = setUp()
    const keys = await Promise.all(Array.from({ length: 50 }, () => get('ins_1')))
    expect(new Set(keys)).toEqual(new Set([first]))
    clock.now += 5 * 60_000 - 1
    await get('ins_1')
    expect(load).toHaveBeenCalledTimes(1)
    clock.now += 1
    await Promise.all([get('ins_1'), get('ins_1')])
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('has answered from the old set before the new one comes', async () => {
    const { clock, load, get } = setUp()
    await get('ins_1')
    clock.now += 5 * 60_000
    const renewed: Jwk = { ...first }
    load.mockResolvedValue({ keys: [renewed] })
    await expect(get('ins_1')).resolves.toBe(first)
    await expect(get('ins_1')).resolves.toBe(renewed)
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('takes a key no more that was removed, after a time without tokens', async () => {
    const { clock, load, get } = setUp()
    await get('ins_1')
    load.mockResolvedValue({ keys: [second] })
    clock.now += 10 * 60_000
    await expect(get('ins_1')).rejects.toMatchObject({ code: 'key_not_found' })
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('asks again for an unknown id, once in two seconds', async () => {
    const { clock, load, get } = setUp()
    await get('ins_1')
    load.mockResolvedValue({ keys: [first, second] })
    expect(await Promise.all([get('ins_2'), get('ins_2')])).toEqual([second, second])
    expect(load).toHaveBeenCalledTimes(2)
    for (let index = 0; index < 20; index++)
      await expect(get(`x${index}`)).rejects.toMatchObject({ code: 'key_not_found' })
    clock.now += 1_999
    await expect(get('x')).rejects.toMatchObject({ code: 'key_not_found' })
    expect(load).toHaveBeenCalledTimes(2)
    clock.now += 1
    await expect(get('x')).rejects.toMatchObject({ code: 'key_not_found' })
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('does not ask twice for an unknown id when it has just asked', async () => {
    const { load, get } = setUp()
    await Promise.allSettled([get('x'), get('y'), get('toString'), get('__proto__')])
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('refuses a set of more keys than any issuer has, and keeps the old one', async () => {
    const { clock, load, onWarning, get } = setUp()
    await get('ins_1')
    clock.now += 5 * 60_000
    load.mockResolvedValue({ keys: Array.from({ length: 101 }, (_, index) => ({ kid: `k${index}`, kty: 'RSA' })) })
    await expect(get('ins_1')).resolves.toBe(first)
    await settled()
    await expect(get('ins_1')).resolves.toBe(first)
    expect(onWarning).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'key_set_invalid' }))
  })

  it('keeps the old set while the issuer is down, and says so', async () => {
    const { clock, load, onWarning, get } = setUp()
    await get('ins_1')
    clock.now += 5 * 60_000
    load.mockRejectedValue(new TypeError('fetch failed'))
    await expect(get('ins_1')).resolves.toBe(first)
    await settled()
    await expect(get('ins_1')).resolves.toBe(first)
    expect(load).toHaveBeenCalledTimes(2)
    expect(onWarning).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'key_set_unavailable' }))
    clock.now += 30_000
    load.mockResolvedValue({ keys: [second] })
    await expect(get('ins_2')).resolves.toBe(second)
  })

  it('fails when it never had a set, and asks again at the next call', async () => {
    const { load, get } = setUp()
    load.mockRejectedValueOnce(new TypeError('fetch failed'))
    await expect(get('ins_1')).rejects.toMatchObject({ code: 'key_set_unavailable' })
    await expect(get('ins_1')).resolves.toBe(first)
  })

  it('drops the old set once the secret key is refused', async () => {
    const { clock, load, get } = setUp()
    await get('ins_1')
    clock.now += 5 * 60_000
    load.mockRejectedValue(new JwtError('key_set_unauthorized', 'refused'))
    await expect(get('ins_1')).resolves.toBe(first)
    await settled()
    await expect(get('ins_1')).rejects.toMatchObject({ code: 'key_set_unauthorized' })
    await expect(get('ins_1')).rejects.toMatchObject({ code: 'key_set_unauthorized' })
  })

  it('keeps the old set for thirty seconds while the issuer is down, then asks again', async () => {
    const { clock, load, get } = setUp()
    await get('ins_1')
    clock.now += 5 * 60_000
    load.mockRejectedValue(new TypeError('fetch failed'))
    await get('ins_1')
    await settled()
    clock.now += 29_999
    await get('ins_1')
    expect(load).toHaveBeenCalledTimes(2)
    clock.now += 1
    await get('ins_1')
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('waits for a request that is on its way before it says that there is no such key', async () => {
    const { clock, load, get } = setUp()
    await get('ins_1')
    let answer: (set: { keys: Jwk[] }) => void
    load.mockImplementation(() => new Promise((resolve) => (answer = resolve)))
    const early = get('ins_2')
    clock.now += 1
    const late = get('ins_2')
    answer!({ keys: [first, second] })
    await expect(Promise.all([early, late])).resolves.toEqual([second, second])
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('takes other times, and the current one', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] })
    const load = vi.fn<() => Promise<{ keys: Jwk[] }>>(async () => ({ keys: [first] }))
    const keySet = createKeySet({ load, lifetime: 1000, cooldown: 10 })
    await keySet.getKey('ins_1')
    vi.setSystemTime(999)
    await keySet.getKey('ins_1')
    expect(load).toHaveBeenCalledTimes(1)
    for (const [now, times] of [
      [999, 2],
      [1008, 2],
      [1009, 3],
    ] as const) {
      vi.setSystemTime(now)
      await expect(keySet.getKey('x')).rejects.toMatchObject({ code: 'key_not_found' })
      expect(load).toHaveBeenCalledTimes(times)
    }
    vi.useRealTimers()
  })

  it('never refuses a new key for two seconds, however many unknown ids are asked for', async () => {
    const { clock, load, get } = setUp()
    await get('ins_1')
    await expect(get('x')).rejects.toMatchObject({ code: 'key_not_found' })
    load.mockResolvedValue({ keys: [first, second] })
    const rotated = clock.now
    let accepted = false
    while (!accepted && clock.now < rotated + 60_000) {
      clock.now += 10
      await get(`x${clock.now}`).catch(() => {})
      accepted = await get('ins_2').then(
        () => true,
        () => false,
      )
    }
    expect(clock.now - rotated).toBeLessThanOrEqual(2000)
    for (let index = 0; index < 6000; index++) {
      clock.now += 10
      await get(`y${index}`).catch(() => {})
    }
    // A minute of unknown ids costs the issuer thirty requests.
    expect(load.mock.calls.length).toBeLessThanOrEqual(3 + 30)
  })

  describe('with a silent issuer', () => {
    function setUpSilent() {
      const silent = setUp()
      const answers: { resolve(set: { keys: Jwk[] }): void; reject(error: Error): void }[] = []
      return {
        ...silent,
        answers,
        /** A set that is old, and an issuer that does not answer any more. */
        async grow() {
          await silent.get('ins_1')
          silent.clock.now += 5 * 60_000
          silent.load.mockImplementation(() => new Promise((resolve, reject) => answers.push({ resolve, reject })))
        },
      }
    }

    it('lets nobody wait whose key it knows, and asks once', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout'] })
      const { load, get, grow } = setUpSilent()
      await grow()
      await expect(Promise.all([get('ins_1'), get('ins_1')])).resolves.toEqual([first, first])
      await expect(get('ins_1')).resolves.toBe(first)
      expect(load).toHaveBeenCalledTimes(2)
      // Nobody waits for a time to pass either.
      expect(vi.getTimerCount()).toBe(0)
      vi.useRealTimers()
    })

    it('lets an unknown key wait for the answer, beside known ones', async () => {
      const { load, get, grow, answers } = setUpSilent()
      await grow()
      const ended = vi.fn<() => void>()
      const unknown = get('ins_2').finally(ended)
      await expect(get('ins_1')).resolves.toBe(first)
      await settled()
      expect(ended).not.toHaveBeenCalled()
      answers[0]!.resolve({ keys: [first, second] })
      await expect(unknown).resolves.toBe(second)
      expect(load).toHaveBeenCalledTimes(2)
    })

    it('asks again after thirty seconds, as the request may be lost, and takes what comes', async () => {
      const { clock, load, get, grow, answers } = setUpSilent()
      await grow()
      await get('ins_1')
      clock.now += 29_999
      await get('ins_1')
      expect(load).toHaveBeenCalledTimes(2)
      clock.now += 1
      await expect(get('ins_1')).resolves.toBe(first)
      expect(load).toHaveBeenCalledTimes(3)
      answers[0]!.reject(new Error('too late'))
      await settled()
      await expect(get('ins_1')).resolves.toBe(first)
      answers[1]!.resolve({ keys: [second] })
      await settled()
      await expect(get('ins_2')).resolves.toBe(second)
      expect(load).toHaveBeenCalledTimes(3)
    })

    it('is waited for, once and for a second, by who would use a set that is twice as old as it may be', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const { clock, load, get, grow } = setUpSilent()
      await grow()
      clock.now += 5 * 60_000
      const ended = vi.fn<() => void>()
      const late = get('ins_1').finally(ended)
      await vi.advanceTimersByTimeAsync(999)
      expect(ended).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      await expect(late).resolves.toBe(first)
      clock.now += 1000
      await expect(get('ins_1')).resolves.toBe(first)
      expect(vi.getTimerCount()).toBe(0)
      expect(load).toHaveBeenCalledTimes(2)
      vi.useRealTimers()
    })

    it('is not listened to any more where it answered a later request first', async () => {
      const { clock, load, get, grow, answers } = setUpSilent()
      await grow()
      await get('ins_1')
      clock.now += 30_000
      await get('ins_1')
      answers[1]!.resolve({ keys: [second] })
      await settled()
      answers[0]!.resolve({ keys: [first] })
      await settled()
      await expect(get('ins_2')).resolves.toBe(second)
      load.mockResolvedValue({ keys: [second] })
      await expect(get('ins_1')).rejects.toMatchObject({ code: 'key_not_found' })
    })

    it('trusts no key any more once it refuses the secret key', async () => {
      const { load, get, grow, answers } = setUpSilent()
      await grow()
      await expect(get('ins_1')).resolves.toBe(first)
      answers[0]!.reject(new JwtError('key_set_unauthorized', 'refused'))
      await settled()
      load.mockRejectedValue(new JwtError('key_set_unauthorized', 'refused'))
      await expect(get('ins_1')).rejects.toMatchObject({ code: 'key_set_unauthorized' })
    })
  })

  it('needs no one to be warned', async () => {
    const load = vi.fn<() => Promise<{ keys: Jwk[] }>>(async () => ({ keys: [first] }))
    const keySet = createKeySet({ load, lifetime: 0 })
    await keySet.getKey('ins_1')
    load.mockRejectedValue(new TypeError('fetch failed'))
    await expect(keySet.getKey('ins_1')).resolves.toBe(first)
  })

  it('finds the key that a header names', async () => {
    const { keySet } = setUp()
    await expect(keySet.keyFor({ alg: 'RS256', kid: 'ins_1' })).resolves.toBe(first)
  })

  it('refuses a token without a key id', async () => {
    const { load, keySet } = setUp()
    await expect(keySet.keyFor({ alg: 'RS256' })).rejects.toMatchObject({ code: 'key_not_found' })
    expect(load).not.toHaveBeenCalled()
  })

  it.each([
    [401, '{}', 'key_set_unauthorized'],
    [403, '{}', 'key_set_unauthorized'],
    [404, '{}', 'key_set_unavailable'],
    [503, '{}', 'key_set_unavailable'],
    [200, '<html>', 'key_set_invalid'],
    [200, '{"keys":{}}', 'key_set_invalid'],
    [200, 'null', 'key_set_invalid'],
    [200, '{"keys":[null,{}]}', 'key_not_found'],
  ])('answers status %i and body %s with %s', async (status, body, code) => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(body, { status }))
    const keySet = createKeySet({ url: 'https://api.example/v1/jwks', headers: { authorization: 'Bearer x' }, fetch })
    await expect(keySet.getKey('ins_1')).rejects.toMatchObject({ code })
    expect(fetch).toHaveBeenCalledExactlyOnceWith('https://api.example/v1/jwks', {
      headers: { authorization: 'Bearer x' },
    })
  })

  it('asks with the fetch of the time of the request', async () => {
    const keySet = createKeySet({ url: 'https://api.example/v1/jwks' })
    vi.stubGlobal('fetch', async () => Response.json({ keys: [first] }))
    await expect(keySet.getKey('ins_1')).resolves.toEqual(first)
    vi.unstubAllGlobals()
  })

  it('needs to know whom to ask', async () => {
    await expect(createKeySet({}).getKey('ins_1')).rejects.toMatchObject({
      code: 'key_set_unavailable',
      cause: new TypeError('createKeySet needs "load" or "url".'),
    })
  })

  it.each([
    [401, '{}', 'The request for the key set was refused with status 401.'],
    [503, '{}', 'The request for the key set got status 503.'],
    [200, '<html>', 'The key set is not JSON.'],
    [200, '{}', 'The key set has no list of keys.'],
    [200, '{"keys":[]}', 'The key set has no key with id "ins_1".'],
  ])('explains status %i and body %s', async (status, body, message) => {
    const keySet = createKeySet({
      url: 'https://api.example/v1/jwks',
      fetch: async () => new Response(body, { status }),
    })
    await expect(keySet.getKey('ins_1')).rejects.toMatchObject({ message })
  })

  it('keeps what made an answer unreadable', async () => {
    const keySet = createKeySet({ url: 'https://api.example/v1/jwks', fetch: async () => new Response('<html>') })
    await expect(keySet.getKey('ins_1')).rejects.toMatchObject({
      code: 'key_set_invalid',
      cause: expect.any(SyntaxError) as unknown,
    })
  })

  it('explains what it was not asked right, and what failed', async () => {
    const load = () => Promise.reject(new TypeError('fetch failed'))
    await expect(createKeySet({ load }).getKey('ins_1')).rejects.toMatchObject({
      message: 'The key set could not be fetched.',
      cause: new TypeError('fetch failed'),
    })
    await expect(createKeySet({ load }).getKey(undefined)).rejects.toMatchObject({
      message: 'The token names no key (kid).',
    })
  })
})
