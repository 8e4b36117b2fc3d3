import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { callFrontend } from '../browser.test-support.js'
import { frontendEndpoints } from '../compose/endpoints.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { operations } from './operations.js'

const packages = join(import.meta.dirname, '../../../pages/dist/npm/@clerk')
/** None where the build had no network. */
const bundles = existsSync(packages) ? readdirSync(packages).filter((name) => name.startsWith('clerk-js@')) : []

/** A path as text in a program: `/me/totp`, or `/organizations/${id}/roles`. */
const PATH =
  /[`"](\/(?:client|me|organizations|billing|environment|dev_browser|dev_tools|api_keys|waitlist)\b[^`"\s]*)[`"]/g

/** Beginnings of paths, which stand in the programs beside the whole ones. */
const BEGINNINGS = new Set(['/billing', '/dev_tools', '/me/oauth/consent', '/organizations/:/domains/:/bulk'])

const inFrontendApi = operations.filter(({ api }) => api === 'frontend')
const withoutNames = (path: string) => path.replace(/:\w+/g, ':').replace(/\/$/, '')
const known = new Set(inFrontendApi.map(({ path }) => withoutNames(path)))
const served = new Set(frontendEndpoints.map(({ operationId }) => operationId))

describe.skipIf(bundles.length === 0)('the browser packages that are served', () => {
  it.each(bundles)('%s calls nothing that is not known by name', (bundle) => {
    const folder = join(packages, bundle, 'dist')
    const files = readdirSync(folder).filter((file) => file.endsWith('.js.gz'))
    const texts = files.map((file) => gunzipSync(readFileSync(join(folder, file))).toString())
    const paths = texts.flatMap((text) =>
      [...text.matchAll(PATH)].map(([, path]) => path!.replace(/\$\{[^}]*\}/g, ':')),
    )
    const unknown = [...new Set(paths.map(withoutNames))].filter(
      (path) => !BEGINNINGS.has(path) && !known.has(`/v1${path}`) && !known.has(path),
    )
    expect(paths.length).toBeGreaterThan(40)
    expect(unknown).toEqual([])
  })
})

describe.each(dialects)('calls of clients that are not served on %s', (dialect) => {
  const server = useTestServer(dialect)

  it.each(
    inFrontendApi
      .filter(
        ({ operationId, path }) => !served.has(operationId) && path.startsWith('/v1/') && !path.endsWith('health'),
      )
      .map(({ method, path, operationId }) => ({ route: `${method} ${path.slice('/v1'.length)}`, operationId })),
  )('$route is refused by name', async ({ route, operationId }) => {
    const { status, body } = await callFrontend(server, route.replace(/:\w+/g, 'x'))
    expect([status, body.errors[0].code, body.errors[0].meta]).toEqual([
      400,
      'not_implemented',
      { operation_id: operationId },
    ])
  })
})
