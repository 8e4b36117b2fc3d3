import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createApis } from './apis.js'
import { ApiClient } from '../core/request.js'

const folder = fileURLToPath(new URL('.', import.meta.url))

const sources = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.includes('.test'))
  .map((file) => readFileSync(folder + file, 'utf8'))

it.each(Object.entries(createApis(new ApiClient({}), {})))('says of each method of %s what it does and where the reference is', (_, api) => {
  const { name, prototype } = api.constructor as { name: string; prototype: object }
  const source = sources.find((text) => text.includes(`export class ${name} `))!
  for (const method of Object.getOwnPropertyNames(prototype).filter((property) => property !== 'constructor')) {
    const comment = new RegExp(String.raw`/\*\*((?:(?!\*/)[^])*)\*/\n  (?:async )?${method}\(`).exec(source)?.[1]
    expect(comment, method).toMatch(/^\n +\* [A-Z].*\n/)
    expect(comment, method).toContain('@see https://clerk.com/docs/reference/')
  }
})
