import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { operations } from '../../packages/server/src/http/operations.js'
import { jsonTypes, type YieldedBy } from '../types/json-types.js'

const sources = new URL('../../packages/types/src/', import.meta.url)
const declarations = readdirSync(sources).map((file) => ({ file, text: readFileSync(new URL(file, sources), 'utf8') }))

const tags = [
  .../export type ObjectType =\n((?: {2}\| '\w+'\n)+)/.exec(sourceOf('resource.ts'))![1]!.matchAll(/'(\w+)'/g),
].map(([, tag]) => tag!)

const page = `# The types on the wire

Every type that \`@clerk/backend\` 2.9.4 declares for the JSON of the API, and every value of its \`ObjectType\`. Our types
have the same names and are exported by \`@latchkey/backend/types\`; the tests compare them field by field. If an
operation or an event yields a type, a test checks there each field that the official SDK reads. The other types follow
with the operations named in their rows, which answer 400 \`not_implemented\` until then.

## Types

| type | declared in | yielded by |
|---|---|---|
${jsonTypes.map(({ type, yieldedBy }) => `| \`${type}\` | ${linkTo(fileOf(type))} | ${describeOrigin(yieldedBy)} |`).join('\n')}

## Tags

Values of \`object\`, and the types that carry them.

| tag | types |
|---|---|
${tags
  .map(
    (tag) =>
      `| \`${tag}\` | ${typesOf(tag)
        .map((type) => `\`${type}\``)
        .join(', ')} |`,
  )
  .join('\n')}
`

describe('docs/types.md', () => {
  it('has the types of the tables of this repository; with --update it is written anew', async () => {
    await expect(page).toMatchFileSnapshot('../../docs/types.md')
  })

  it('has an export for each type and for each tag', () => {
    expect(jsonTypes.filter(({ type }) => fileOf(type) === undefined)).toEqual([])
    expect(tags).toHaveLength(54)
    expect(tags.filter((tag) => typesOf(tag).length === 0)).toEqual([])
  })
})

function sourceOf(name: string): string {
  return declarations.find(({ file }) => file === name)!.text
}

function fileOf(type: string): string | undefined {
  return declarations.find(({ text }) => new RegExp(`^export (interface|type) ${type}\\b`, 'm').test(text))?.file
}

function linkTo(file: string | undefined): string {
  return `[${file}](../packages/types/src/${file})`
}

/** The types that say they have this tag, in their heading or in a field. */
function typesOf(tag: string): string[] {
  return declarations.flatMap(({ text }) =>
    [...text.matchAll(/^export (?:interface|type) (\w+)([^]*?)(?=^export |(?![^]))/gm)]
      .filter(([, , body]) => new RegExp(`(ResourceJSON<[^>]*'${tag}'|^ {2}object: [^\\n]*'${tag}')`, 'm').test(body!))
      .map(([, name]) => name!),
  )
}

function describeOrigin(yieldedBy: YieldedBy): string {
  if ('until' in yieldedBy) return `not served until ${yieldedBy.until}`
  const { at } = yieldedBy
  const place = at ? `, at \`${at}\`` : ''
  if ('event' in yieldedBy) return `the event \`${yieldedBy.event}\`${place}`
  const { operationId, api = 'backend' } = yieldedBy
  const { method, path } = operations.find((one) => one.api === api && one.operationId === operationId)!
  const whose = api === 'frontend' ? ' of the Frontend API' : ''
  return `${operationId}${whose}, \`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}\`${place}`
}
