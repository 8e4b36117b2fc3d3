import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { asApplication, compile, pathsToOurs } from '../compile.test-support.js'

describe.each(['hono', 'fastify'])('a program written for @clerk/%s', (name) => {
  const program = { 'program.mts': readFileSync(new URL(`./${name}/program.mts`, import.meta.url), 'utf8') }

  it('compiles against that package', async () => {
    expect(await compile(program, { base: 'tsconfig.base.json', compilerOptions: asApplication })).toBe('')
  })

  it('compiles against ours', async () => {
    expect(
      await compile(program, {
        base: 'tsconfig.base.json',
        compilerOptions: { ...asApplication, paths: pathsToOurs(name) },
      }),
    ).toBe('')
  })
})
