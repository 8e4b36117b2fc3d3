import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contractFolder, describeWithContract } from '../../../../tests/contract/contract.test-support.js'
import { toPages } from '../../../../scripts/sdk-docs/pages.mjs'
import { readSources } from '../../../../scripts/sdk-docs/sources.mjs'
import { root } from '../../../../scripts/setup.mjs'
import { ApiClient } from '../core/request.js'
import { createApis } from './apis.js'
import { ApiDescription } from './contract.test-support.js'

const REFERENCE = 'https://clerk.com/docs/reference/'

const sources = readSources()
const apis = Object.entries(createApis(new ApiClient({}), {}))

it('is read of each namespace and of each of its methods', () => {
  const methodsOf = (api: object) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(api)).filter((name) => name !== 'constructor')

  expect(sources.namespaces.map(({ name, methods }) => [name, methods.map((method) => method.name)])).toEqual(
    apis.map(([name, api]) => [name, methodsOf(api)]),
  )
})

describe.each(sources.namespaces)('of $name', ({ name: namespace, api, methods }) => {
  it('says what it is about', () => {
    expect(api.doc.text || api.doc.tags[0]?.text).toMatch(/^[A-Z].*\.$/)
  })

  it.each(methods)('says what $name does, what it asks for and where the reference is', ({ name, doc, requests }) => {
    expect(doc.text).toMatch(/^[A-Z].*\.$/)
    expect(requests).not.toEqual([])

    const reference = doc.tags.find((tag) => tag.name === 'see')!.text
    expect(reference.startsWith(REFERENCE)).toBe(true)
    const [, method, path] = /\/(GET|POST|PUT|PATCH|DELETE)(\/.*)/.exec(decodeURIComponent(reference)) ?? []
    // The reference has one page for both names of directories, and none for the payload of a handshake.
    if (!method || namespace === 'scimDirectories' || name === 'getHandshakePayload') return
    expect(requests.map(withoutNames)).toContain(withoutNames(`${method} ${path}`))
  })
})

/** A request without its version and without the names of what is filled in. */
function withoutNames(request: string): string {
  return request.replace(' /v1/', ' /').replaceAll(/\{\w+\}/g, '{}')
}

describeWithContract('with the limits of the contract', () => {
  const pages = toPages(sources)

  it.each(sources.namespaces)('are the parameters of $name', ({ name: namespace, methods }) => {
    const contract = new ApiDescription(contractFolder!)
    const unsaid = methods.flatMap(({ name, requests }) => {
      const [method, path] = requests[0]!.replace('/v1/', '/').split(' ')
      const section = pages
        .get(`${namespace}.md`)!
        .split('\n### ')
        .find((part) => part.startsWith(`${name}\n`))!
      return (contract.find(method!, path!)?.limits ?? [])
        .filter(({ parameter, limit }) => {
          const row = section
            .split('\n')
            .find((line) => new RegExp(`^\\| \`(\\w+\\[\\]\\.)?${parameter}\\??\``).test(line))
          // What the SDK does not take has no row.
          return row !== undefined && !new RegExp(`\\b${limit}\\b`).test(row)
        })
        .map(({ parameter, limit }) => `${namespace}.${name} ${parameter}: at most ${limit}`)
    })
    expect(unsaid).toEqual([])
  })
})

it('stands in docs/sdk: a page of each namespace, and none of one that is gone', () => {
  const written = ['differences.md', 'requests.md', 'tokens.md']
  expect(readdirSync(join(root, 'docs/sdk')).toSorted()).toEqual([...toPages(sources).keys(), ...written].toSorted())
})
