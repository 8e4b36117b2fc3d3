import { readFileSync } from 'node:fs'
import * as official from '@clerk/express'
import * as officialWebhooks from '@clerk/express/webhooks'
import * as ours from '@latchkey/express'
import * as ourWebhooks from '@latchkey/express/webhooks'
import { expect, it } from 'vitest'

const exportsOf = (manifest: string) =>
  Object.keys(
    (JSON.parse(readFileSync(new URL(`../../../${manifest}`, import.meta.url), 'utf8')) as { exports: object }).exports,
  )

it('exports each name that @clerk/express exports', () => {
  expect(Object.keys(official)).toContain('clerkMiddleware')
  expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(official)))
  expect(Object.keys(ourWebhooks)).toEqual(expect.arrayContaining(Object.keys(officialWebhooks)))
})

it('has each entry that @clerk/express has', () => {
  const entries = exportsOf('node_modules/@clerk/express/package.json').filter((entry) => entry !== './package.json')
  expect(exportsOf('packages/express/package.json')).toEqual(expect.arrayContaining(entries))
})
